"""Plays the tests: which parts a call means (`tiers.py`), at once as far as there are processors (`play.py`), counted.

A part is a command of its own (`parts.py`) whose output says how many tests it has played (`counts.py`). `changed.py`
finds what a change touches, `turns.py` what each commit takes of what is too much for all.
"""
