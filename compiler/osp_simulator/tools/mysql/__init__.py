"""MySQL: the client, the dump, and the server."""
