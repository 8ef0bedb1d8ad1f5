"""The users of the simulated hosts: by the site's spec, and by a host's own /etc/passwd."""

from __future__ import annotations

from pathlib import Path

import pytest

from osp_simulator.hosts import users


def passwd(world: Path, host: str, text: str) -> None:
    place = world / "hosts" / host / "root/etc/passwd"
    place.parent.mkdir(parents=True)
    place.write_text(text, "utf-8")


def test_the_guide_s_own_users_where_the_spec_says_nothing() -> None:
    assert users.of_host({}, "undercloud") == ("stack", "/home/stack")
    assert users.of_host({"ssh": None, "undercloud": None}, "overcloud-compute-0") == ("heat-admin", "/home/heat-admin")


def test_users_and_home_of_the_spec() -> None:
    site = {"undercloud": {"user": "osp_admin", "home": "/srv/osp/"}, "ssh": {"user": "tripleo-admin"}}
    assert users.of_host(site, "undercloud") == ("osp_admin", "/srv/osp")
    assert users.of_host(site, "overcloud-compute-0") == ("tripleo-admin", "/home/tripleo-admin")
    assert users.records_of(site) == "srv/osp/osp-runbook"


def test_a_home_is_where_the_host_s_passwd_has_it(tmp_path: Path) -> None:
    passwd(tmp_path, "undercloud", "root:x:0:0:root:/root:/bin/bash\nosp:x:1000:1000::/srv/osp:/bin/bash\n")
    assert users.home_of(tmp_path, "undercloud", "osp") == "/srv/osp"
    assert users.home_of(tmp_path, "undercloud", "root") == "/root"


@pytest.mark.parametrize("text", ["", "osp\n", "osp:x:1000:1000::srv:/bin/bash\n", "\udcff:\n"])
def test_the_usual_home_where_passwd_has_none(tmp_path: Path, text: str) -> None:
    place = tmp_path / "hosts/undercloud/root/etc/passwd"
    place.parent.mkdir(parents=True)
    place.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert users.home_of(tmp_path, "undercloud", "osp") == "/home/osp"
    assert users.home_of(tmp_path, "backup", "root") == "/root"
