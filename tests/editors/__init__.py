"""Completion in real shells, and a spec in an editor: played by tests/editors/run.py alone."""
