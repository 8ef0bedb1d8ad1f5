"""nova: its own client, and what happens to instances."""
