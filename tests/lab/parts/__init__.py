"""The lab's parts: one module each, with its packages, what it lays out before the machines boot, and its start.

PACKAGES                 Debian packages, a tuple
prepare(lab)             files and units, before any machine runs
start(lab, say)          brings it up and returns once it is ready; ValueError says what is wrong; `say` tells a line
"""
