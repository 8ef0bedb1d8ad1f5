"""Rehearsal: a bundle's scripts, byte for byte, against a simulated site.

`command.py` is the whole journey. `site.py` makes a world for a bundle, and `operator.py` is its operator.
`trials.py`, `fault_trials.py` and `worlds.py` have the trials and their pass criteria; `moments.py` keeps the worlds
that kills leave. `schedule.py` decides which trial runs when, `suite.py` has bats run them, `stage.py` plays each in a
fork of one process, and `report.py` writes the results.
"""
