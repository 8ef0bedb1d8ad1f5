"""The simulated tools, one topic per module; `registry.load_tools` imports them all."""
