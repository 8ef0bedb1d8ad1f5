"""The spec: from a YAML file to a checked site, with everything wrong told at once."""
