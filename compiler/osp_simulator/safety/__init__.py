"""Safety rules: what must never happen to a site, whatever the scripts do; the world reports each breach."""
