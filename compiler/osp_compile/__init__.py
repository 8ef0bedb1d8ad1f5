"""Compile a site's YAML into the ordered, reviewed scripts of an OpenStack Platform 10 update."""

import sys

__version__ = "0.1.0"

# said here, in words that every Python 3 can read, before a newer construct elsewhere is met
if sys.version_info < (3, 11):
    sys.stderr.write("osp-compile: Python 3.11 or later is needed, this is {}.{}\n".format(*sys.version_info[:2]))
    sys.exit(3)
