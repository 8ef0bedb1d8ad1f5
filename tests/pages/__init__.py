"""What makes the pages under docs/ that nobody types: the spec reference, the errata, what the commands print."""
