"""The starting state of a healthy site that needs the whole chapter.

The state is plain JSON data:

    clock       world time, epoch seconds (float); events [[when, order, name, data]] that are due; sequence counts them
    site        the compiled spec, as in the bundle's manifest; bundle the folder it lies in (or null)
    faults      what is told to go wrong (faults.py)
    hosts       {name: host}, the undercloud and every node; host =
                {fqdn, address, role, capabilities[], up, returns (comes back from a reboot), reboot_seconds,
                 reboot_ssh ("closed": ssh breaks as it goes down, "clean": it goes down a moment later,
                 or after its shutdown_seconds, and answers until then),
                 boot_id, booted_at, boots,
                 kernel {running, default, installed[]}, pinned_kernel (yum does not change the default),
                 openvswitch {running} or null, packages {name: [[epoch:]version-release, oldest first]},
                 offers {name: version the repositories hold}, repositories (false: unreachable),
                 offered (what was on offer when its last update began, once one has),
                 updated {name: when}, yum_history [{id, at, command, packages[]}],
                 units {name: {active: active|inactive|failed, sub, enabled: enabled|disabled|static|bad, loaded: bool,
                               chkconfig: enabled|disabled (of an init script, whose unit file is bad)}},
                 system_state (null, or what is-system-running is to say),
                 disks [{source, fstype, size, used, target}] (bytes),
                 ntp {synced, offset, daemon: ntpd|chronyd|null},
                 domains (names of libvirt domains running here, where nova's servers do not say it all),
                 hiera {key: value}, users [logged-in sessions {user, tty, from, at}], host_key}
    pacemaker   {nodes {name: {online, standby, maintenance}}, properties {}, fencing (devices exist),
                 resources [{id, kind: clone|master|primitive|stonith, agent, nodes[], disabled, state {node: role}}],
                 failed [{resource, node, operation, status, text}], quorum} or null
    galera      {password, nodes {name: {synced, running}}, schemas {name: [tables]}, users [[user, host]]} or null
    mysql       the undercloud's database: {password, schemas}
    rabbit      {nodes {name: {running, healthy, partitions[] (of whom it has lost sight),
                 alone (in a cluster of its own)}}} or null
    redis       {password, vip, master, lastsave, bgsave (null or when it ends), status, dir, nodes[]} or null
    mongo       {replica_set, primary, nodes {name: {up, address (where it is not its host's)}}, databases[]} or null
    haproxy     {password, tls, port, vip, services {name: {node: status}}} or null
    ceph        {fsid, mons {name: {up}}, osds [{id, host, up, in}], pools, num_pgs,
                 stuck {state: count (they stay so)},
                 recovering {until, state, count} or null, flags[], config_keys {}, used, total} or null
    nova, neutron, cinder, ironic, glance, heat, plan, keystone, ...: see seed_cloud.py

What a world may add, all absent in a healthy one
    host        disabled_repositories, other_repositories (channels.py),
                unreachable (up, but not by ssh), broken_units [unit] (fail to start), keeps_kernel (boots the
                running one again), excluded [package], offered_key (what ssh-keyscan sees instead of host_key),
                older_offers {package: [versions, oldest first, that yum lists before the one on offer]},
                stays_out_of_cluster, galera_stays_unsynced, rabbit_comes_up_alone (after its boot), rejoin_seconds,
                settle_seconds, starting_seconds,
                galera_seconds, rabbit_seconds (from then on, until it is in step, until it has joined),
                haproxy_seconds (from its boot until its servers pass haproxy's checks), haproxy_down [service]
                (those that never do), osd_seconds (from its boot until its OSDs are up),
                report_seconds (from its boot until nova and neutron hear of it); ntp: sync_seconds (from its boot
                until its clock is synchronised)
    redis       bgsave_fails, bgsave_seconds, also_master (a node that calls itself master beside the master)
    ceph        broken_osds [id] (stay down after a boot), missed_by_udev [id] (the same, until ceph-disk activate-all),
                needs_rebalance (PGs that norebalance keeps from coming
                clean), recovery_seconds, scrubbing (PGs), warnings [text], error
    state       trusted (false: no known_hosts on the undercloud; only before the first look at its files)
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from typing import Any

from osp_simulator.seed import hosts, services
from osp_simulator.seed.clouds import cloud

START = 1542924000.0  # 2018-11-22 22:00:00 UTC


def seed(manifest: Mapping[str, Any], bundle: str | None = None) -> dict[str, Any]:
    """The state for the site of a bundle's manifest.json (or a bare compiled spec)."""
    site = normal(manifest.get("site", manifest))
    state: dict[str, Any] = {
        "clock": START, "events": [], "sequence": 0, "site": site, "bundle": bundle, "faults": [], "errors": [],
        "hosts": hosts.hosts(site, START),
    }  # fmt: skip
    state.update(services.services(site, state["hosts"], START))
    for key, part in cloud(site).items():
        state.setdefault(key, part)
    return state


def normal(site: Mapping[str, Any]) -> dict[str, Any]:
    """The spec with every node as {name, role (its name), address, capabilities}, however the manifest nests them."""
    result = dict(site)
    if isinstance(site.get("site"), Mapping):  # a spec as it is written, not yet compiled
        result |= site["site"]
    nodes = []
    for node in site.get("nodes", []):
        role = node.get("role", "")
        name = role["name"] if isinstance(role, Mapping) else role
        given = node.get("capabilities")
        if given is None:
            given = role.get("capabilities") if isinstance(role, Mapping) else None
        capabilities = hosts.STOCK.get(name, ()) if given is None else given
        nodes.append({**node, "role": name, "capabilities": sorted(capabilities)})
    result["nodes"] = nodes
    result.setdefault("stack", "overcloud")
    result.setdefault("name", "site")
    return result


def identifier(*words: str) -> str:
    """A UUID that is the same for the same words."""
    return str(uuid.UUID(bytes=hashlib.sha256("/".join(words).encode()).digest()[:16], version=4))
