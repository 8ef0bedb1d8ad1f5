"""The simulated tools, a module or a folder for each; `registry.load_tools` imports them all."""
