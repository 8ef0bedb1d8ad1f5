"""Packages, reboots, units, disks: a host over time."""

# ruff: noqa: E501  a line that a tool prints stays one line here

from __future__ import annotations

import pytest

from osp_simulator.engine import events, registry
from unit.simulator.worlds import CEPH, COMPUTE, CONTROLLER, Served


@pytest.mark.parametrize(
    ("command", "status", "out"),
    [
        ("hostname -s", 0, "undercloud\n"),
        ("uname -n", 0, "undercloud.localdomain\n"),
        ("uname --nosuch", 1, ""),
        ("rpm -q openvswitch", 0, "openvswitch-2.6.1-16.git20161206.el7ost.x86_64\n"),
        ("rpm -q nosuch", 1, "package nosuch is not installed\n"),
        ("rpm -q --qf '%{VERSION}-%{EPOCH}\\n' qemu-img-rhev", 0, "2.9.0-10\n"),
        ("sudo grubby --default-kernel", 0, "/boot/vmlinuz-3.10.0-693.21.1.el7.x86_64\n"),
        ("grubby --default-kernel", 1, ""),
        ("sudo ovs-vsctl get Open_vSwitch . ovs_version", 0, '"2.6.1"\n'),
        ("sudo ovs-vsctl --version | head -1", 0, "ovs-vsctl (Open vSwitch) 2.6.1\n"),
        ("ovs-vsctl show", 1, ""),
        ("sudo ovs-appctl version", 0, "ovs-vswitchd (Open vSwitch) 2.6.1\n"),
        ("sudo hiera nosuch", 0, "nil\n"),
        ("sudo hiera nosuch fallback", 0, "fallback\n"),
        ("sudo hiera -c /nosuch.yaml x", 1, ""),
        ("sudo hiera", 1, ""),
        ("yum -q list nosuch", 1, ""),
        ("yum --nosuch list", 1, ""),
        ("yum update -y", 1, ""),
        ("uptime -s", 0, "2018-08-24 22:00:00\n"),
        ("df --output=source,target /home", 0, "Filesystem Mounted on\n/dev/vda2  /\n"),
        ("df -P -B1 /", 0, "Filesystem         1-blocks        Used    Available Capacity Mounted on\n/dev/vda2      500000000000 90000000000 410000000000      18% /\n"),
        ("df --output=nosuch", 1, ""),
        ("df /nosuch", 1, ""),
        ("chown nobodyhere /tmp", 1, ""),
        ("sudo chown stack: /home/stack && echo ok", 0, "ok\n"),
        ("systemctl is-active httpd", 0, "active\n"),
        ("systemctl is-active nosuch", 3, "unknown\n"),
        ("systemctl stop httpd", 1, ""),
        ("systemctl show -p ActiveState httpd", 0, "ActiveState=active\n"),
        ("systemctl show --value -p ActiveState httpd", 1, ""),
        ("systemctl is-system-running", 0, "running\n"),
        ("systemctl list-units --state=failed --no-legend 'openstack*'", 0, ""),
        ("reboot", 1, ""),
        ("ntpstat >/dev/null", 0, ""),
        ("chronyc tracking", 1, "506 Cannot talk to daemon\n"),
    ],
)  # fmt: skip
def test_answers(shared: Served, command: str, status: int, out: str) -> None:
    answer = shared.run(command)
    assert (answer.status, answer.out if out or status == 0 else "") == (status, out), answer.err


def test_update_of_everything_then_reboot_then_nothing_left(world: Served) -> None:
    script = "sudo yum -q check-update >/dev/null; echo $?; sudo yum -y -q update; sudo yum -q check-update; echo $?; needs-restarting -r >/dev/null; echo $?; uname -r; sudo grubby --default-kernel; sudo ovs-vsctl get Open_vSwitch . ovs_version"
    answer = world.run(f"ssh {COMPUTE} bash -s <<'EOF'\n{script}\nEOF")
    assert answer.out.split() == [
        "100", "0", "1", "3.10.0-693.21.1.el7.x86_64", "/boot/vmlinuz-3.10.0-957.1.3.el7.x86_64", '"2.6.1"',
    ]  # fmt: skip
    log = world.run(f"ssh -n {COMPUTE} sudo cat /var/log/yum.log").out
    assert " Installed: kernel-3.10.0-957.1.3.el7.x86_64\n" in log
    assert " Updated: openvswitch-2.9.0-56.el7fdp.x86_64\n" in log
    assert " Updated: 10:qemu-kvm-rhev-2.10.0-21.el7_5.4.x86_64\n" in log
    after = "needs-restarting -r >/dev/null; echo $?; uname -r; sudo ovs-vsctl get Open_vSwitch . ovs_version"
    answer = world.run(f"ssh -n {COMPUTE} sudo reboot; echo $?; sleep 300; ssh {COMPUTE} bash -s <<'EOF'\n{after}\nEOF")
    assert answer.out.split() == ["255", "0", "3.10.0-957.1.3.el7.x86_64", '"2.9.0"']
    assert "Connection to 192.0.2.20 closed by remote host." in answer.err


def test_pinned_kernel_stays_the_default(world: Served) -> None:
    world.set("hosts.overcloud-compute-0.pinned_kernel", True)
    answer = world.run(f"ssh -n {COMPUTE} 'sudo yum -y -q update; sudo grubby --default-kernel; rpm -q kernel'")
    assert answer.out.split() == [
        "/boot/vmlinuz-3.10.0-693.21.1.el7.x86_64", "kernel-3.10.0-693.21.1.el7.x86_64", "kernel-3.10.0-957.1.3.el7.x86_64",
    ]  # fmt: skip


def test_reboot_is_a_new_boot_after_its_time(world: Served) -> None:
    ask = f"ssh -n {CEPH} cat /proc/sys/kernel/random/boot_id"
    before = world.run(ask).out
    answer = world.run(f"ssh -n {CEPH} sudo reboot; {ask}; echo $?; sleep 60; {ask}; echo $?; sleep 120; {ask}")
    first, second, boot_id = answer.out.split()
    assert (first, second) == ("255", "255")
    assert len(boot_id) == len(before.strip())
    assert boot_id != before.strip()


def test_reboot_may_end_cleanly_and_a_node_may_not_return(world: Served) -> None:
    world.set("hosts.overcloud-compute-0.reboot_ssh", "clean")
    world.set("hosts.overcloud-compute-0.returns", False)
    answer = world.run(f"ssh -n {COMPUTE} sudo reboot; echo $?; sleep 7200; ssh -n {COMPUTE} true; echo $?")
    assert answer.out.split() == ["0", "255"]


def test_a_wait_on_a_node_breaks_off_when_it_goes_down(world: Served) -> None:
    world.simulator("fire", "scheduled_reboot", '{"host": "overcloud-compute-0", "off": false}')
    world.set("hosts.overcloud-compute-0.up", True)
    answer = world.run(f"ssh -n {COMPUTE} 'sudo shutdown -r +5; sleep 900; echo not reached'; echo $?")
    assert answer.out == "255\n"


def test_undercloud_reboot_ends_the_run_and_the_next_one_waits(world: Served) -> None:
    answer = world.run("trap 'echo told > /home/stack/told' TERM; sudo reboot; sleep 1; sleep 1; echo not reached")
    assert answer.status != 0
    assert "not reached" not in answer.out
    assert world.run("uptime -s; sudo systemctl is-active httpd").out == "2018-11-22 22:03:00\nactive\n"


def test_globs_match_loaded_units_alone(world: Served) -> None:
    answer = world.run(
        "sudo systemctl stop 'openstack-*' 'neutron-*' httpd; systemctl is-active openstack-nova-api httpd mariadb; "
        "sudo systemctl start 'openstack-*' httpd; systemctl is-active openstack-nova-api httpd neutron-server openstack-nova-cert"
    )
    assert answer.out.split() == ["inactive", "inactive", "active", "active", "active", "inactive", "inactive"]


def test_broken_unit_fails_to_start_and_is_listed(world: Served) -> None:
    world.set("hosts.undercloud.broken_units", ["httpd.service"])
    answer = world.run(
        "sudo systemctl restart httpd; echo $?; systemctl list-units --state=failed --no-legend httpd; systemctl is-system-running"
    )
    assert answer.out.split()[0] == "1"
    assert "httpd.service loaded failed   failed" in answer.out
    assert answer.out.endswith("degraded\n")


def test_now_stops_what_is_masked_and_starts_what_is_enabled(world: Served) -> None:
    answer = world.run(
        "sudo systemctl mask --now httpd; systemctl is-enabled httpd; systemctl is-active httpd; "
        "sudo systemctl unmask httpd; sudo systemctl enable --now httpd; systemctl is-enabled httpd; systemctl is-active httpd"
    )
    assert answer.out.split() == ["masked", "inactive", "enabled", "active"]


def test_frozen_and_unreachable_repositories(world: Served) -> None:
    world.set("hosts.overcloud-compute-0.offers", {"openvswitch": "2.6.1-16.git20161206.el7ost"})
    assert world.run(f"ssh -n {COMPUTE} yum -q check-update").status == 0
    world.set("hosts.overcloud-compute-0.repositories", False)
    assert world.run(f"ssh -n {COMPUTE} yum -q check-update").status == 1


def test_a_repository_that_is_off_holds_nothing(world: Served) -> None:
    cluster = "rhel-ha-for-rhel-7-server-rpms"
    world.set("hosts.overcloud-controller-0.disabled_repositories", [cluster])
    said = world.on(
        CONTROLLER,
        f"yum -q check-update; yum -q list available --showduplicates pacemaker kernel; yum repolist; subscription-manager repos --enable={cluster}",
    )
    assert "pacemaker" not in said.out
    assert cluster not in said.out
    assert "kernel" in said.out
    assert "not yet registered" in said.err
    register = "mkdir -p /etc/pki/consumer; touch /etc/pki/consumer/cert.pem"
    assert world.on(CONTROLLER, f"{register}; subscription-manager repos --enable=nosuch").status == 1
    said = world.on(
        CONTROLLER, f"subscription-manager repos --enable={cluster}; yum -q list available --showduplicates pacemaker"
    )
    assert said.out.startswith(f"Repository '{cluster}' is enabled for this system.\nAvailable Packages\n")
    assert said.out.count(cluster) == 3, "the installed version and the newer one"
    said = world.on(CONTROLLER, f"subscription-manager repos --disable={cluster}; yum -q check-update")
    assert said.out.startswith(f"Repository '{cluster}' is disabled for this system.\n")
    assert "pacemaker" not in said.out


def test_what_yum_is_told_to_exclude_it_does_not_list(world: Served) -> None:
    said = world.on(
        CONTROLLER, "printf '[main]\\nexclude=pacemaker\\n' >/etc/yum.conf; yum -q list --showduplicates pacemaker"
    )
    assert "Installed Packages" in said.out
    assert "Available" not in said.out


def test_yum_list_wraps_long_lines_and_has_both_sections(shared: Served) -> None:
    lines = shared.run("yum -q list openvswitch qemu-img-rhev").out.splitlines()
    assert lines[0] == "Installed Packages"
    assert lines[1] == "openvswitch.x86_64                       2.6.1-16.git20161206.el7ost"
    assert lines[2] == f"{'':<64}@rhel-7-server-openstack-10-rpms"
    assert "Available Packages" in lines


def test_new_image_packages_bring_their_archives(world: Served) -> None:
    script = "tar -xOf /usr/share/rhosp-director-images/overcloud-full-latest-10.0.tar overcloud-full.qcow2"
    assert world.run(f"{script}; sudo yum -y -q update rhosp-director-images; {script}").out.splitlines() == [
        "overcloud-full.qcow2 10.0-20180405.1.el7ost", "overcloud-full.qcow2 10.0-20181008.1.el7ost",
    ]  # fmt: skip


def test_controller_s_files_hold_what_the_world_does(shared: Served) -> None:
    password = shared.get("haproxy.password")
    assert f"stats auth admin:{password}" in shared.run(f"ssh -n {CONTROLLER} sudo cat /etc/haproxy/haproxy.cfg").out
    assert shared.run(f"ssh -n {CONTROLLER} cat /etc/haproxy/haproxy.cfg").status == 1


def test_a_machine_goes_down_and_comes_up_before_what_ran_on_it_is_asked() -> None:
    registry.load_tools()
    for name in ("host_down", "host_up"):
        assert events.EVENTS[name].handlers[0].__module__ == "osp_simulator.tools.power"
