"""The site as a world begins: healthy, and in need of the whole chapter."""
