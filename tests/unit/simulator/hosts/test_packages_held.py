"""versionlock keeps packages from yum; hypervisors are counted as nova does."""

from __future__ import annotations

from unit.simulator.worlds import COMPUTE, Served

ENTRY = "0:openvswitch-2.6.1-16.el7ost.*"


def test_lock_holds_until_it_is_deleted(world: Served) -> None:
    assert world.run(f"ssh -n {COMPUTE} true").status == 0  # which makes the host's files
    folder = world.folder / "hosts/overcloud-compute-0/root/etc/yum/pluginconf.d"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "versionlock.conf").write_text("[main]\nenabled = 1\n")
    (folder / "versionlock.list").write_text(f"# note\n{ENTRY}\n")
    offered = world.run(f"ssh -n {COMPUTE} yum -q check-update")
    assert offered.status == 100
    assert "openvswitch" not in offered.out
    assert world.run(f"ssh -n {COMPUTE} sudo yum -q versionlock list").out == f"{ENTRY}\n"
    assert world.run(f"ssh -n {COMPUTE} sudo yum versionlock delete openvswitch").status == 0
    assert "openvswitch" in world.run(f"ssh -n {COMPUTE} yum -q check-update").out


def test_hypervisors_of_the_undercloud_are_ironic_s_nodes(world: Served) -> None:
    words = ". ~/stackrc; openstack hypervisor stats show -f value -c count"
    assert int(world.run(words).out) == len(world.get("ironic.undercloud.nodes"))
    services = world.get("nova.undercloud.services")
    at = next(at for at, one in enumerate(services) if one["binary"] == "nova-compute")
    world.set(f"nova.undercloud.services.{at}.enabled", False)
    assert world.run(words).out == "0\n"


def test_flavors_show_their_properties(world: Served) -> None:
    assert "capabilities:profile='compute'" in world.run(". ~/stackrc; openstack flavor list --long").out
