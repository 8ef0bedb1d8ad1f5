"""ssh, and the connections that it shares."""
