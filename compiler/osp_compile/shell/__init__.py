"""Bash as text: writes values into it, and reads functions and words out of it."""
