"""A spec from what a site already has: its deploy command, lists of its servers, roles and environment files.

Files are read, and nothing in them is ever run; no cloud is called.
"""
