"""ip, as a node has it."""

from __future__ import annotations

from unit.simulator.worlds import CONTROLLER, Served

ASKED = f"ssh -n {CONTROLLER} ip netns list"


def test_the_namespaces_of_routers_go_with_a_boot(world: Served) -> None:
    built = f"qrouter-{world.get('neutron.overcloud.routers.0.id')} (id: 0)\n"
    assert world.run(ASKED).out == built
    world.set("hosts.overcloud-controller-0.booted_at", world.get("clock"))
    world.set("hosts.overcloud-controller-0.router_seconds", 300)
    assert world.run(ASKED).out == ""
    world.simulator("advance", "301")
    assert world.run(ASKED).out == built


def test_it_knows_no_other_word(shared: Served) -> None:
    assert shared.run(f"ssh -n {CONTROLLER} ip link").status == 255
