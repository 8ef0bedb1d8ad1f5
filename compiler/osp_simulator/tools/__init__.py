"""The stand-ins, one topic a module; `registry.load_tools` imports them all."""
