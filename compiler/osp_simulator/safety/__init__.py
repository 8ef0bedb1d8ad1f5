"""What must never happen to a site, whatever the scripts do: the world watches, and names what is broken."""
