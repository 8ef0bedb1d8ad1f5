"""date and uptime tell the time of the host's own zone, unless the caller names another."""

from __future__ import annotations

from unit.simulator.worlds import Served

ASK = "date +%H; date --utc +%H; date --date='2 hours ago' +%H; uptime -s"


def test_a_host_has_a_zone_of_its_own(world: Served) -> None:
    universal = world.run(ASK).out.split()
    assert world.root("ln --symbolic --force /usr/share/zoneinfo/Asia/Tokyo /etc/localtime").status == 0
    tokyo = world.run(ASK).out.split()
    hours = [int(word) for word in universal[:3]]
    assert [int(word) for word in tokyo[:3]] == [(hours[0] + 9) % 24, hours[1], (hours[2] + 9) % 24]
    assert tokyo[3:] != universal[3:]
    assert world.run(f"export TZ=UTC; {ASK}").out.split() == universal
