"""neutron-server, API and RPC in one, as it was before Debian parted them."""

import sys

from neutron.cmd.eventlet.server import main

sys.argv[0] = "neutron-server"
main()
