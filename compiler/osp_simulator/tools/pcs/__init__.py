"""pcs, and its report of a cluster."""
