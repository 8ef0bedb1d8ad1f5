"""The hosts of a world: their folders and files, their sandboxes, their packages, and the ways between them."""
