"""The vhost-user ports of an instance in the Open vSwitch of its compute, plugged as os-vif does it."""

import subprocess

BRIDGE = "br-int"


def plug(instance, vifs):
    """Each port in the mode that neutron has bound it for: Open vSwitch is the client where QEMU is the server."""
    for vif in vifs or ():
        if vif["type"] != "vhostuser":
            continue
        name = name_of(vif)
        kind = "dpdkvhostuserclient" if vif["details"].get("vhostuser_mode") == "server" else "dpdkvhostuser"
        known = {"iface-id": vif["id"], "attached-mac": vif["address"], "vm-uuid": instance.uuid}
        told = [f'external_ids:{key}="{value}"' for key, value in known.items()]
        _ask("--may-exist", "add-port", BRIDGE, name, "--", "set", "Interface", name, f"type={kind}", *told)


def name_of(vif):
    return f"vhu{vif['id'][:11]}"


def unplug(instance):
    for name in _ask(*_of(instance, "name")).split():
        unplug_one(name)


def unplug_one(name):
    _ask("--if-exists", "del-port", BRIDGE, name)


def kinds(instance):
    """The types of the ports that it has now."""
    return _ask(*_of(instance, "type")).split()


def _of(instance, column):
    return ("--bare", f"--columns={column}", "find", "Interface", f"external_ids:vm-uuid={instance.uuid}")


def version():
    """Of the Open vSwitch that runs, as (major, minor); (0, 0) where none answers."""
    try:
        text = _ask("get", "Open_vSwitch", ".", "ovs_version").strip().strip('"')
        return tuple(int(word) for word in text.split(".")[:2])
    except (subprocess.CalledProcessError, ValueError):
        return (0, 0)


def _ask(*words):
    """Without waiting for the switch itself, which has no packet to move."""
    told = subprocess.run(
        ["ovs-vsctl", "--timeout=10", "--no-wait", *words], check=True, capture_output=True, text=True
    )
    return told.stdout
