"""A simulated site: a world, and a simulated tool for every command that needs a datacenter.

`python -m osp_simulator` is its command line. `engine/` has the world, its server and its calls; `hosts/` are folders
in sandboxes; `tools/` has the simulated commands, which `engine/registry.py` finds; `state/` has the types of
everything that the world knows about the site; `seed/` makes the initial site; `safety/` has the rules of what must
never happen; `fast/` makes rehearsals quick.
"""
