"""agents.py --config-file FILE HOST:BINARY...: says to neutron every five seconds that these agents live.

They do nothing else: no packet crosses the lab's instances, but ports are bound by what is said here.
"""

import sys
import time

import plugging
from neutron.agent import rpc
from neutron.common import config as common
from neutron.conf.agent import common as agent
from neutron_lib import context
from neutron_lib.agent import topics
from oslo_config import cfg

KINDS = {
    "neutron-openvswitch-agent": ("Open vSwitch agent", "N/A", {
        "bridge_mappings": {"datacentre": "br-ex"}, "tunnel_types": [], "datapath_type": "netdev",
        "ovs_capabilities": {"datapath_types": ["netdev"]}, "integration_bridge": "br-int", "devices": 0,
        "ovs_hybrid_plug": True, "vhostuser_socket_dir": "/var/run/openvswitch",
    }),
    "neutron-dhcp-agent": ("DHCP agent", "dhcp_agent", {"networks": 0, "ports": 0, "subnets": 0}),
    "neutron-l3-agent": ("L3 agent", "l3_agent", {
        "agent_mode": "legacy", "routers": 0, "ex_gw_ports": 0, "interfaces": 0, "floating_ips": 0,
        "handle_internal_only_routers": True, "interface_driver": "openvswitch",
    }),
    "neutron-metadata-agent": ("Metadata agent", "N/A", {}),
}  # fmt: skip
NEW = (2, 9)  # from here on Open vSwitch is to be the client of an instance's port


def with_types(facts):
    """What the Open vSwitch that runs here can be: neutron binds vhost-user ports by that."""
    version = plugging.version()
    types = ["dpdkvhostuser"] if version < NEW else ["dpdkvhostuser", "dpdkvhostuserclient"]
    return {**facts, "ovs_capabilities": {**facts["ovs_capabilities"], "iface_types": types}}


def main(words):
    agent.register_agent_state_opts_helper(cfg.CONF)
    common.register_common_config_options()
    common.init(words[:2])
    neutron = rpc.PluginReportStateAPI(topics.REPORTS)
    nobody = context.get_admin_context_without_session()
    known = set()
    while True:
        for word in words[2:]:
            host, binary = word.split(":")
            kind, topic, facts = KINDS[binary]
            if "ovs_capabilities" in facts:
                facts = with_types(facts)
            state = {"binary": binary, "host": host, "topic": topic, "agent_type": kind, "configurations": facts}
            if topic != "N/A":
                state["availability_zone"] = "nova"
            if word not in known:
                state["start_flag"] = True
            try:
                neutron.report_state(nobody, state, use_call=True)
                known.add(word)
            except Exception as error:  # neutron is on its way up, or down
                print(f"{word}: {error}", file=sys.stderr, flush=True)
        time.sleep(5)


main(sys.argv[1:])
