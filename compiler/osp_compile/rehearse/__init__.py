"""Rehearsal: a bundle's scripts, byte for byte, against a simulated site.

`source.py` gets a bundle, `site.py` a world for it, `keyboard.py` sits at its keyboard, `trials.py` says what is tried
and what must come of it, `schedule.py` has bats run the trials, `report.py` writes what came of them.
"""
