"""What a change ticket gets besides the scripts."""
