"""A simulated site: one world behind stand-ins for every tool that needs a datacenter.

`python -m osp_simulator` is its command line. `engine/` is the world, its server and its calls; `hosts/` are folders in
sandboxes; `tools/` stand in for the commands, and join by `engine/registry.py`; `state/` has the types of all that the
world knows of the site; `seed/` is the site as it begins; `safety/` is what must never happen; `fast/` is what makes a
rehearsal quick.
"""
