"""The lint that every bundle passes before it is written."""
