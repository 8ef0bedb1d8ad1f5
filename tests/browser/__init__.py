"""The page of a bundle, and that of a diff, in a real browser."""
