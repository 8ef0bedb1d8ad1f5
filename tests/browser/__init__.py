"""The page of a bundle in a real browser."""
