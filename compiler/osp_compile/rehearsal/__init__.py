"""Rehearsal: a bundle's scripts, byte for byte, against a simulated site.

`command.py` is the whole of it. `site.py` makes a world for a bundle, and `keyboard.py` sits at its keyboard.
`trials.py`, `disturbed.py` and `worlds.py` say what is tried and what must come of it; `moments.py` keeps the worlds
that kills leave. `schedule.py` says which trial runs when, `suite.py` has bats run them, `stage.py` plays each in a
fork of one process, and `report.py` writes what came of them.
"""
