"""A simulated site: one world behind stand-ins for every tool that needs a datacenter.

`python -m osp_simulator` is its command line; `seed.py` documents the world's state,
`registry.py` is how a tool joins.
"""
