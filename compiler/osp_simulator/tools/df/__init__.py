"""df, and the options that it knows."""
