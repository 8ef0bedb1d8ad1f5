"""The engine: one world, its server, its calls, and the faults that can be set."""
