"""Makes rehearsals quick, and does nothing else: each module says what it saves.

The figures are those of `benchmarks/fast_paths.py`: the processor time of a section's trials without the module, beside
that with it.
"""
