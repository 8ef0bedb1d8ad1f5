"""Reads a spec: from a YAML file to a checked site, with everything that is wrong reported at once."""
