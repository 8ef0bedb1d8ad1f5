"""nova-compute, with the lab's hypervisor known to it as nova.virt.lab."""

import sys

from nova.cmd import compute  # first: it readies the standard library for eventlet

import nova.virt
import nova_driver

sys.modules["nova.virt.lab"] = nova.virt.lab = nova_driver
sys.argv[0] = "nova-compute"
sys.exit(compute.main())
