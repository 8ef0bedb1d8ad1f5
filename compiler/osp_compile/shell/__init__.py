"""Bash as text: how values get into it, and the functions and words that are read out of it."""
