"""Reads bash without running any of it: the words of each command, or why they are not known."""
