"""agents.py --config-file FILE HOST:BINARY...: says to neutron again and again that these agents live.

They do nothing else: no packet crosses the lab's instances, but ports are bound by what is said here. What an agent
says it says here without neutron's own modules, which take most of a process's first seconds.
"""

import sys
import time
from datetime import UTC, datetime

import oslo_messaging
import plugging
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
ADMIN = {"is_admin": True, "roles": ["admin"]}
PAUSE = 10  # seconds, also for an answer: three of them are well below agent_down_time
NEW = (2, 9)  # from here on Open vSwitch is to be the client of an instance's port


def with_types(facts):
    """What the Open vSwitch that runs here can be: neutron binds vhost-user ports by that."""
    version = plugging.version()
    types = ["dpdkvhostuser"] if version < NEW else ["dpdkvhostuser", "dpdkvhostuserclient"]
    return {**facts, "ovs_capabilities": {**facts["ovs_capabilities"], "iface_types": types}}


def main(words):
    cfg.CONF(words[:2], project="neutron")
    oslo_messaging.set_transport_defaults("neutron")
    target = oslo_messaging.Target(topic="q-reports-plugin", version="1.2")
    neutron = oslo_messaging.get_rpc_client(oslo_messaging.get_rpc_transport(cfg.CONF), target).prepare(timeout=PAUSE)
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
                now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
                neutron.call(ADMIN, "report_state", agent_state={"agent_state": state}, time=now)
                known.add(word)
            except Exception as error:  # neutron is on its way up, or down
                print(f"{word}: {error}", file=sys.stderr, flush=True)
        time.sleep(PAUSE)


main(sys.argv[1:])
