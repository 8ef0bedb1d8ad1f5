"""Redis: the client and the server."""
