"""The engine: one world, its server, its calls, and what can be told to go wrong."""
