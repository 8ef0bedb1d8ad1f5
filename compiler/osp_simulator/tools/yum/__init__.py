"""yum, and its plugins."""
