"""The hosts of a fresh world: packages, kernels, units, disks. state/hosts.py has their types."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import re
import uuid

from osp_simulator.state.hosts import Host, Unit
from osp_simulator.state.site import Site

STOCK: dict[str, tuple[str, ...]] = {
    "Controller": ("controller", "pacemaker", "ceph_mon"),
    "Compute": ("compute",),
    "CephStorage": ("ceph_osd",),
}
KERNEL_OLD, KERNEL_NEW = "3.10.0-693.21.1.el7", "3.10.0-957.1.3.el7"
OVS_OLD, OVS_NEW = "2.6.1-16.git20161206.el7ost", "2.9.0-56.el7fdp"
EVERYWHERE = {
    "glibc": ("2.17-196.el7_4.2", "2.17-260.el7"),
    "systemd": ("219-42.el7_4.10", "219-62.el7"),
    "dbus": ("1:1.6.12-17.el7", "1:1.10.24-12.el7"),
    "linux-firmware": ("20170606-58.gitc990aae.el7_4", "20180911-69.git85c5d90.el7"),
    "bash": ("4.2.46-29.el7_4", "4.2.46-31.el7"),
    "openvswitch": (OVS_OLD, OVS_NEW),
    "puppet-tripleo": ("5.6.8-6.el7ost", "5.6.8-20.el7ost"),
    "python-openstackclient": ("3.2.1-1.el7ost", "3.2.1-1.el7ost"),
    "rhosp-release": ("10.0.7-1.el7ost", "10.0.7-1.el7ost"),
    "tuned": ("2.8.0-5.el7_4.2", "2.10.0-6.el7"),
}
UNDERCLOUD = {
    "python-tripleoclient": ("5.4.5-2.el7ost", "5.4.6-4.el7ost"),
    "openstack-tripleo-common": ("5.4.6-1.el7ost", "5.4.9-2.el7ost"),
    "openstack-tripleo-heat-templates": ("5.3.10-1.el7ost", "5.3.20-1.el7ost"),
    "instack-undercloud": ("5.3.7-1.el7ost", "5.3.7-3.el7ost"),
    "rhosp-director-images": ("10.0-20180405.1.el7ost", "10.0-20181008.1.el7ost"),
    "rhosp-director-images-ipa": ("10.0-20180405.1.el7ost", "10.0-20181008.1.el7ost"),
    "openstack-nova-api": ("1:14.1.0-22.el7ost", "1:14.1.0-33.el7ost"),
    "qemu-img-rhev": ("10:2.9.0-16.el7_4.14", "10:2.10.0-21.el7_5.4"),
}
CONTROLLER = {
    "openstack-nova-api": ("1:14.1.0-22.el7ost", "1:14.1.0-33.el7ost"),
    "pacemaker": ("1.1.16-12.el7_4.8", "1.1.19-8.el7_6.1"),
    "haproxy": ("1.5.18-6.el7", "1.5.18-8.el7"),
    "qemu-img-rhev": ("10:2.9.0-16.el7_4.14", "10:2.10.0-21.el7_5.4"),
}
COMPUTE = {
    "openstack-nova-compute": ("1:14.1.0-22.el7ost", "1:14.1.0-33.el7ost"),
    "openstack-nova-migration": ("1:14.1.0-22.el7ost", "1:14.1.0-33.el7ost"),
    **dict.fromkeys(
        ("qemu-img-rhev", "qemu-kvm-common-rhev", "qemu-kvm-rhev", "qemu-kvm-tools-rhev"),
        ("10:2.9.0-16.el7_4.14", "10:2.10.0-21.el7_5.4"),
    ),
}
CEPH = {"ceph-osd": ("1:10.2.7-48.el7cp", "1:10.2.10-40.el7cp")}
UNITS = {
    "everywhere": (
        "crond.service", "dbus.service", "ntpd.service", "os-collect-config.service", "sshd.service", "rsyslog.service",
        "tuned.service",
    ),
    "openvswitch": ("openvswitch.service", "ovsdb-server.service", "ovs-vswitchd.service"),
    "undercloud": (
        "httpd.service", "mariadb.service", "mongod.service", "rabbitmq-server.service", "memcached.service",
        "openstack-heat-api.service", "openstack-heat-engine.service", "openstack-glance-api.service",
        "openstack-ironic-api.service", "openstack-ironic-conductor.service", "openstack-mistral-api.service",
        "openstack-mistral-engine.service", "openstack-mistral-executor.service", "openstack-nova-api.service",
        "openstack-nova-compute.service", "openstack-nova-conductor.service", "openstack-nova-scheduler.service",
        "openstack-swift-proxy.service", "openstack-swift-object.service", "openstack-zaqar.service",
        "neutron-server.service", "neutron-dhcp-agent.service", "neutron-openvswitch-agent.service",
    ),
    "controller": (
        "httpd.service", "mongod.service", "memcached.service", "openstack-nova-api.service",
        "openstack-nova-conductor.service", "openstack-nova-scheduler.service", "openstack-nova-consoleauth.service",
        "openstack-glance-api.service", "openstack-heat-api.service", "openstack-heat-engine.service",
        "openstack-cinder-api.service", "openstack-cinder-scheduler.service", "neutron-server.service",
        "neutron-l3-agent.service", "neutron-dhcp-agent.service", "neutron-metadata-agent.service",
        "neutron-openvswitch-agent.service",
    ),
    "pacemaker": ("corosync.service", "pacemaker.service", "pcsd.service"),
    "compute": ("libvirtd.service", "openstack-nova-compute.service", "neutron-openvswitch-agent.service"),
}  # fmt: skip


def boot_id(host: str, boots: int) -> str:
    return str(uuid.UUID(bytes=hashlib.sha256(f"{host}/{boots}".encode()).digest()[:16], version=4))


def hosts(site: Site, now: float) -> dict[str, Host]:
    """The undercloud and every node of the spec (as seed.normal leaves it)."""
    found = {"undercloud": host("undercloud", "192.0.2.1", "Undercloud", ["undercloud"], now)}
    for node in site["nodes"]:
        found[node["name"]] = host(node["name"], node["address"], node["role"], list(node["capabilities"]), now)
    far = backup_address(site)
    if far:
        found["backup"] = host("backup", far, "Backup", [], now) | {"users_known": [backup_user(site)]}
    osds = 0
    for entry in found.values():
        if "ceph_osd" in entry["capabilities"]:
            for number in range(osds, osds + 3):
                entry["units"][f"ceph-osd@{number}.service"] = unit()
            osds += 3
    return found


def backup_address(site: Site) -> str:
    """The address of the host that backup.copy_to names, or an empty text."""
    match = re.match(r"(?:[^@/]+@)?(\[[^\]]+\]|[^:/\[]+):", str((site.get("backup") or {}).get("copy_to") or ""))
    address = match[1].strip("[]") if match else ""
    try:
        ipaddress.ip_address(address)
    except ValueError:
        return "192.0.2.250" if address else ""
    return address


def backup_user(site: Site) -> str:
    return str(site["backup"]["copy_to"]).rpartition("@")[0] or "stack"


def host(name: str, address: str, role: str, capabilities: list[str], now: float) -> Host:
    versions = _versions(capabilities)
    kernel = f"{KERNEL_OLD}.x86_64"
    has_ovs = _runs_openvswitch(capabilities)
    if not has_ovs:
        versions.pop("openvswitch")
    return {
        "fqdn": f"{name.lower()}.localdomain", "address": address, "role": role, "capabilities": capabilities,
        "up": True, "returns": True, "reboot_seconds": 180, "reboot_ssh": "closed",
        "boot_id": boot_id(name, 0), "booted_at": now - 90 * 86400, "boots": 0,
        "kernel": {"running": kernel, "default": kernel, "installed": [kernel]},
        "pinned_kernel": False, "openvswitch": {"running": OVS_OLD.split("-")[0]} if has_ovs else None,
        "packages": {"kernel": [KERNEL_OLD]} | {key: [old] for key, (old, _) in versions.items()},
        "offers": {"kernel": KERNEL_NEW} | {key: new for key, (_, new) in versions.items()},
        "repositories": True, "updated": {}, "yum_history": [],
        "units": _units(capabilities, has_ovs), "system_state": None,
        "disks": [
            {"source": "/dev/vda2", "fstype": "xfs", "size": 500 * 10**9, "used": 90 * 10**9, "target": "/"},
            {"source": "devtmpfs", "fstype": "devtmpfs", "size": 33 * 10**9, "used": 0, "target": "/dev"},
            {"source": "tmpfs", "fstype": "tmpfs", "size": 33 * 10**9, "used": 10**6, "target": "/run"},
        ],
        "ntp": {"synced": True, "offset": 0.0004, "daemon": "ntpd"}, "domains": [], "users": [],
        "hiera": {}, "host_key": host_key(name),
    }  # fmt: skip


def unit(active: str = "active") -> Unit:
    return {
        "active": active,
        "sub": {"active": "running", "failed": "failed"}.get(active, "dead"),
        "enabled": "enabled",
        "loaded": True,
    }


def host_key(name: str) -> str:
    """An ed25519 public key in OpenSSH's form, the same for the same name."""
    kind = b"ssh-ed25519"
    body = hashlib.sha256(f"host key of {name}".encode()).digest()
    blob = len(kind).to_bytes(4, "big") + kind + len(body).to_bytes(4, "big") + body
    return f"ssh-ed25519 {base64.b64encode(blob).decode()}"


def _runs_openvswitch(capabilities: list[str]) -> bool:
    return "ceph_osd" not in capabilities or "compute" in capabilities


def _versions(capabilities: list[str]) -> dict[str, tuple[str, str]]:
    versions = dict(EVERYWHERE)
    for capability, more in (
        ("undercloud", UNDERCLOUD), ("controller", CONTROLLER), ("compute", COMPUTE), ("ceph_osd", CEPH),
    ):  # fmt: skip
        if capability in capabilities:
            versions |= more
    return versions


def _units(capabilities: list[str], has_ovs: bool) -> dict[str, Unit]:
    wanted = ["everywhere", *(["openvswitch"] if has_ovs else []), *capabilities]
    units = {name: unit() for group in wanted for name in UNITS.get(group, ())}
    if "undercloud" not in capabilities:
        units["os-collect-config.service"] = unit()
    if "pacemaker" in capabilities:
        for name in ("corosync.service", "pacemaker.service"):
            units[name]["enabled"] = "disabled" if name.startswith("corosync") else "enabled"
    if "undercloud" in capabilities:
        units["openstack-nova-cert.service"] = unit("inactive") | {"enabled": "disabled", "loaded": False}
    return units
