"""The gate every bundle passes before it is written."""
