"""Redis: the client and the server behind it."""
