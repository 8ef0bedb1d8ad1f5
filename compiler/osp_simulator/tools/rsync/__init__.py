"""rsync, and the options that it knows."""
