"""The files a fresh host holds: a small made-up /etc, credentials, logs, the site's own templates and images."""

from __future__ import annotations

from collections import Counter

from osp_simulator.engine.clocktext import yum_stamp
from osp_simulator.hosts import package_files, users
from osp_simulator.hosts.image_archives import archives, image_files
from osp_simulator.state import State
from osp_simulator.state.control_plane import Haproxy
from osp_simulator.state.hosts import Host
from osp_simulator.state.site import Site

Files = dict[str, tuple[str | bytes, int]]  # {absolute path: (content, mode)}


def files(state: State, host: str) -> Files:
    """{absolute path: (content, mode)} of the files on a new host."""
    entry = state["hosts"][host]
    found = _everywhere(state, host, entry)
    if host == "undercloud":
        found |= _undercloud(state)
    if "controller" in entry["capabilities"]:
        found |= _controller(state)
    if {"ceph_mon", "ceph_osd"} & set(entry["capabilities"]) and state["ceph"]:
        found["/etc/ceph/ceph.conf"] = (f"[global]\nfsid = {state['ceph']['fsid']}\n", 0o644)
        found["/etc/ceph/ceph.client.admin.keyring"] = ("[client.admin]\n\tkey = AQBxyzzy==\n", 0o600)
    if host == "backup":
        (user,) = entry["users_known"]
        copy_to = str(state["site"]["backup"]["copy_to"])
        logins = (users.of_undercloud(state["site"]), users.of_nodes(state["site"]), users.User(user, f"/home/{user}"))
        found["/etc/passwd"] = (_passwd(*logins), 0o644)
        found[f"/home/{user}/.bashrc"] = ("", 0o644)
        found[f"{copy_to.rpartition(':')[2]}/.keep"] = ("", 0o644)
    if "compute" in entry["capabilities"]:
        found["/var/lib/nova/instances/.keep"] = ("", 0o644)
    return found


def _everywhere(state: State, host: str, entry: Host) -> Files:
    names = "".join(f"{one['address']} {one['fqdn']} {name.lower()}\n" for name, one in state["hosts"].items())
    hiera = "".join(f"{key}: {value!r}\n" for key, value in entry["hiera"].items())
    login = users.of_host(state["site"], host)
    return {
        "/etc/passwd": (_passwd(login), 0o644),
        "/etc/group": (f"root:x:0:\nwheel:x:10:{login.name}\n{login.name}:x:1000:\n", 0o644),
        "/etc/hostname": (f"{entry['fqdn']}\n", 0o644),
        "/etc/hosts": (f"127.0.0.1 localhost localhost.localdomain\n::1 localhost\n{names}", 0o644),
        "/etc/nsswitch.conf": ("passwd: files\ngroup: files\nhosts: files\n", 0o644),
        "/etc/redhat-release": ("Red Hat Enterprise Linux Server release 7.4 (Maipo)\n", 0o644),
        "/etc/rhosp-release": ("Red Hat OpenStack Platform release 10.0.7 (Newton)\n", 0o644),
        "/etc/os-release": (
            'NAME="Red Hat Enterprise Linux Server"\nVERSION="7.4 (Maipo)"\nID="rhel"\nVERSION_ID="7.4"\n',
            0o644,
        ),
        "/etc/bashrc": ("", 0o644),
        "/etc/ssh/ssh_host_ed25519_key.pub": (f"{entry['host_key']} root@{host}\n", 0o644),
        "/etc/puppet/hiera.yaml": ("---\n:backends:\n  - json\n:json:\n  :datadir: /etc/puppet/hieradata\n", 0o644),
        "/etc/puppet/hieradata/service_configs.json": (hiera, 0o600),
        "/var/log/yum.log": (f"{yum_stamp(state['clock'] - 90 * 86400)} Installed: tmux-1.8-4.el7.x86_64\n", 0o600),
        "/var/log/messages": ("", 0o600),
        "/root/.bash_history": ("", 0o600),
    }


def _passwd(*logins: users.User) -> str:
    """/etc/passwd with root, those who log in, and nobody."""
    lines = dict.fromkeys(f"{one.name}:x:1000:1000::{one.home}:/bin/bash\n" for one in logins)
    return f"root:x:0:0:root:/root:/bin/bash\n{''.join(lines)}nobody:x:99:99:Nobody:/:/sbin/nologin\n"


def _undercloud(state: State) -> Files:
    site = state["site"]
    home = users.of_undercloud(site).home
    deploy = site.get("deploy") or {}
    found: Files = {
        "/root/.my.cnf": (f'[client]\nuser=root\npassword="{state["mysql"]["password"]}"\n', 0o600),
        "/etc/my.cnf": ("[mysqld]\ndatadir=/var/lib/mysql\n", 0o644),
        f"{home}/undercloud.conf": ("[DEFAULT]\nlocal_ip = 192.0.2.1/24\n", 0o644),
        f"{home}/.bashrc": ("", 0o644),
        "/home/stack/bundle/.keep": ("", 0o644),
        "/var/lib/glance/images/.keep": ("", 0o640),
        "/var/lib/certmonger/cas/.keep": ("", 0o600),
        "/srv/node/d1/.keep": ("", 0o644),
        "/httpboot/agent.kernel": ("agent kernel 10.0-20180405.1\n", 0o644),
        "/httpboot/agent.ramdisk": ("agent ramdisk 10.0-20180405.1\n", 0o644),
    }
    for package, versions in state["hosts"]["undercloud"]["packages"].items():
        for path, text in package_files.files_of(package, versions[-1]).items():
            found[path] = (text, 0o644)
    found |= _templates(package_files.TEMPLATES)
    found |= _own_templates(str(deploy.get("templates") or package_files.TEMPLATES).rstrip("/"))
    found |= _own_environments(site)
    for path in filter(None, [*site.get("env_files", []), deploy.get("roles_file")]):
        found.setdefault(path, ("parameter_defaults: {}\n", 0o644))
    found |= _rc_files(site)
    found |= _hooks(site)
    found |= _known_hosts(state)
    found |= _images(state)
    for path, text in (state.get("undercloud_files") or {}).items():  # rc files and others of the cloud's seed
        found[path] = (text, 0o600)
    return found


def _own_environments(site: Site) -> Files:
    """The site's first own environment file, else its first one, which sets how many nodes each role has."""
    named = site.get("env_files", [])
    own = [path for path in named if not path.startswith(package_files.TEMPLATES)] or named
    counts = Counter(node["role"] for node in site["nodes"])
    lines = "".join(f"  {role}Count: {count}\n" for role, count in sorted(counts.items()))
    return {own[0]: (f"parameter_defaults:\n{lines}", 0o644)} if own else {}


def _templates(tree: str) -> Files:
    """The tree of templates, without the scripts of a node's update."""
    found: Files = {
        f"{tree}/overcloud.yaml": ("heat_template_version: newton\n", 0o644),
        f"{tree}/roles_data.yaml": ("- name: Controller\n", 0o644),
    }
    for path in ("network-isolation", "neutron-ovs-dpdk", "puppet-pacemaker", "storage-environment"):
        found[f"{tree}/environments/{path}.yaml"] = ("parameter_defaults: {}\n", 0o644)
    group = "parameter_defaults:\n  VhostuserSocketGroup: hugetlbfs\n"
    found[f"{tree}/environments/ovs-dpdk-permissions.yaml"] = (group, 0o644)
    return found


def _own_templates(tree: str) -> Files:
    """The site's own up-to-date copy of the templates; empty if the site uses those of the package."""
    if tree == package_files.TEMPLATES:
        return {}
    updated: Files = {f"{tree}/{path}": (text, 0o644) for path, text in package_files.templates("5.3.20").items()}
    return _templates(tree) | updated


def _rc_files(site: Site) -> Files:
    instances = (site.get("nfv") or {}).get("instances", [])
    return {instance["rc_file"]: ("export OS_AUTH_URL=http://192.0.2.5:5000/v2.0\n", 0o600) for instance in instances}


def _hooks(site: Site) -> Files:
    given = site.get("hooks") or {}
    hooks = (given.get("before_node"), given.get("after_node"), given.get("before_update"))
    return {hook: ("#!/usr/bin/env bash\nexit 0\n", 0o755) for hook in hooks if hook}


def _known_hosts(state: State) -> Files:
    lines = "".join(
        f"{entry['address']} {entry['host_key']}\n{name} {entry['host_key']}\n"
        for name, entry in state["hosts"].items()
        if name != "undercloud" and state.get("trusted", True)
    )
    home = users.of_undercloud(state["site"]).home
    return {
        f"{home}/.ssh/known_hosts": (lines, 0o600),
        f"{home}/.ssh/id_rsa": ("-----BEGIN RSA PRIVATE KEY-----\n", 0o600),
    }


def _images(state: State) -> Files:
    """The images in use, and the packaged archives they came from."""
    site = state["site"]
    folder = str((site.get("undercloud") or {}).get("images_dir") or f"{users.of_undercloud(site).home}/images")
    version = state["hosts"]["undercloud"]["packages"]["rhosp-director-images"][0]
    found: Files = dict(archives(version))
    for name, text in image_files(version).items():
        found[f"{folder}/{name}"] = (text, 0o644)
    return found


def _haproxy(haproxy: Haproxy | None) -> Files:
    """The configuration of haproxy; empty if the overcloud has no load balancer of its own."""
    if haproxy is None:
        return {}
    listen = f"  bind {haproxy['vip']}:{haproxy['port']} transparent"
    stats = f"listen haproxy.stats\n{listen}\n  mode http\n  stats enable\n  stats uri /\n"
    stats += f"  stats auth admin:{haproxy['password']}\n"
    return {"/etc/haproxy/haproxy.cfg": (f"global\n  daemon\n  log /dev/log local0\n\n{stats}", 0o640)}


def _controller(state: State) -> Files:
    found: Files = {
        **_haproxy(state["haproxy"]),
        "/var/lib/redis/dump.rdb": (b"REDIS0007\xfe\x00\x00earlier\xff", 0o640),
        "/var/lib/heat-config/heat-config": ("[]\n", 0o600),
        "/var/lib/rabbitmq/.erlang.cookie": ("COOKIE", 0o400),
        "/var/lib/openvswitch/.keep": ("", 0o644),
    }
    for name in ("nova", "glance", "keystone", "cinder", "heat", "neutron", "haproxy"):
        found[f"/var/lib/{name}/.keep"] = ("", 0o644)
    for name in ("nova", "keystone"):
        found[f"/etc/{name}/{name}.conf"] = ("[DEFAULT]\n", 0o640)
    return found
