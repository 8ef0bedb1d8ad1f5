"""index.html: the bundle as a page for those who review it, made of the same data as the scripts."""
