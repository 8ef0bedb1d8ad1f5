"""crm_mon --as-xml, as Pacemaker 1.1.16 prints it."""

from __future__ import annotations

import pytest

from unit.runtime.parse.parsers import parse, refuses

NODE = '<node name="{}" online="{}" standby="{}" standby_onfail="false" maintenance="{}" pending="false" unclean="{}" shutdown="false" type="member"/>'


def cluster(nodes: str = "", resources: str = "", failures: str = "", quorum: str = "true") -> str:
    return (
        '<?xml version="1.0"?>\n<crm_mon version="1.1.16"><summary>'
        f'<current_dc present="true" name="c-0" with_quorum="{quorum}"/></summary>'
        f"<nodes>{nodes}</nodes><resources>{resources}</resources><failures>{failures}</failures></crm_mon>"
    )


def resource(name: str, role: str, more: str = "", on: str = "", agent: str = "ocf::heartbeat:x") -> str:
    inner = f'<node name="{on}" id="1"/>' if on else ""
    return f'<resource id="{name}" resource_agent="{agent}" role="{role}" orphaned="false" managed="true" failed="false" {more}>{inner}</resource>'


STOPPED_ON_PURPOSE = resource("haproxy", "Stopped", 'target_role="Stopped"')


@pytest.mark.parametrize(
    ("values", "state"),
    [
        (("true", "false", "false", "false"), "online"),
        (("false", "false", "false", "false"), "offline"),
        (("true", "true", "false", "false"), "standby"),
        (("true", "false", "true", "false"), "maintenance"),
        (("false", "false", "false", "true"), "unclean"),
    ],
)
def test_a_node_is_online_only_if_it_can_run_anything(python: str, values: tuple[str, ...], state: str) -> None:
    assert parse(python, "pacemaker", "nodes", cluster(NODE.format("c-0", *values))) == [f"c-0 {state}"]


def test_quorum(python: str) -> None:
    assert parse(python, "pacemaker", "quorum", cluster()) == ["quorum with"]
    assert parse(python, "pacemaker", "quorum", cluster(quorum="false")) == ["quorum without"]
    assert parse(python, "pacemaker", "quorum", "<crm_mon><summary/></crm_mon>") == ["quorum none"]


def test_troubles_are_what_is_stopped_or_failed_but_not_what_was_stopped_on_purpose(python: str) -> None:
    text = cluster(
        resources=resource("haproxy", "Started", on="c-0")
        + f'<clone id="galera-master">{resource("galera", "Master", on="c-0")}{resource("galera", "Stopped")}</clone>'
        + resource("fence", "Stopped", 'target_role="Stopped"')
        + resource("redis", "Slave", on="c-0").replace('failed="false"', 'failed="true"'),
        failures='<failure op_key="haproxy_monitor_10000" node="c-1" exitstatus="not running"/>',
    )
    assert parse(python, "pacemaker", "troubles", text) == [
        "redis has failed on c-0", "haproxy_monitor_10000 on c-1 ended with not running",
    ]  # fmt: skip


def test_of_what_has_many_instances_it_tells_where_they_run(python: str) -> None:
    text = cluster(
        resources=f'<clone id="galera-master">{resource("galera", "Master", on="c-1")}{resource("galera", "Slave", on="c-0")}{resource("galera", "Stopped")}</clone>'
        f'<clone id="redis-master">{resource("redis", "Stopped")}</clone>'
        f'<clone id="haproxy-clone">{STOPPED_ON_PURPOSE}</clone>'
        f"{resource('vip', 'Stopped')}"
    )
    assert parse(python, "pacemaker", "clones", text) == ["galera c-0,c-1 1", "redis - 1"]
    assert parse(python, "pacemaker", "troubles", text) == ["vip is stopped"]


def test_resources_and_fence_devices(python: str) -> None:
    text = cluster(
        resources=resource("vip", "Started", on="c-1") + resource("ipmi", "Stopped", agent="stonith:fence_ipmilan")
    )
    assert parse(python, "pacemaker", "resources", text) == ["vip Started c-1 -", "ipmi Stopped - -"]
    assert parse(python, "pacemaker", "fence_devices", text) == ["ipmi"]


@pytest.mark.parametrize(
    "text", ["", "Connection to cluster failed: Transport endpoint is not connected", "<crm_mon><nodes>"]
)
def test_what_is_no_answer_is_an_error(python: str, text: str) -> None:
    assert refuses(python, "pacemaker", "nodes", text)
