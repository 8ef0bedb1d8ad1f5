"""What the clients do to the world, and what it does to them later."""

from __future__ import annotations

import hashlib
import io
import json
import os
import threading
from pathlib import Path
from typing import Any, TextIO, cast

import pytest

from osp_simulator.engine import events
from osp_simulator.engine.call import Call, Gone
from osp_simulator.engine.registry import TOOLS
from osp_simulator.seed.site import seed
from unit.simulator.tools.openstack_lab import Answer, Lab
from unit.waiting import LIMIT

NODES = [
    {"name": f"overcloud-{kind}-{number}", "role": role, "address": f"192.0.2.{base + number}", "capabilities": able}
    for kind, role, base, able in (
        ("controller", "Controller", 10, ["controller", "pacemaker"]),
        ("compute", "Compute", 20, ["compute"]),
        ("dpdk", "ComputeOvsDpdk", 30, ["compute", "dpdk"]),
    )
    for number in range(2)
]
SITE = {
    "name": "tokyo-1",
    "stack": "overcloud",
    "nodes": NODES,
    "env_files": ["/home/stack/templates/network.yaml"],
    "nfv": {"instances": [{"server": "firewall", "rc_file": "/home/stack/tenantrc"}]},
}
ON_0, ON_1 = "overcloud-compute-0.localdomain", "overcloud-compute-1.localdomain"


class Site(Lab):
    """A fresh seeded site, with its rc files sourced by name."""

    def __init__(self, folder: Path, **changes: Any) -> None:
        super().__init__(folder, seed({"site": {**SITE, **changes}}))

    def type(self, line: str, rc: str = "overcloudrc", stdin: bytes = b"") -> Answer:
        path = self.world.files.path("undercloud", f"/home/stack/{rc}")
        pairs = [text[7:].split("=", 1) for text in path.read_text().splitlines() if text.startswith("export ")]
        return self.script(line, {key: value.strip('"') for key, value in pairs}, stdin)

    def server(self, name: str) -> dict[str, Any]:
        servers = self.world.state["nova"]["overcloud"]["servers"]
        return next(server for server in servers if server["name"] == name)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_the_seed_has_every_node_of_the_site(site: Site) -> None:
    _, out, _ = site.type("openstack server list -f value -c Name -c Networks", "stackrc")
    assert sorted(out.splitlines()) == sorted(f"{node['name']} ctlplane={node['address']}" for node in NODES)


def test_a_live_migration_takes_its_time(site: Site) -> None:
    assert site.type(f"nova live-migration vm-0 {ON_1}") == (0, "", "")
    assert site.server("vm-0")["status"] == "MIGRATING"
    site.world.clock.advance(14)
    assert (site.server("vm-0")["status"], site.server("vm-0")["host"]) == ("ACTIVE", ON_1)


def test_a_live_migration_whose_target_dies_is_rolled_back(site: Site) -> None:
    site.type(f"nova live-migration vm-0 {ON_1}")
    site.world.state["hosts"]["overcloud-compute-1"]["up"] = False
    site.world.clock.advance(20)
    assert (site.server("vm-0")["status"], site.server("vm-0")["host"]) == ("ACTIVE", ON_0)


def test_what_cannot_move_live_is_refused_by_one_client_and_silently_stays_with_the_other(site: Site) -> None:
    site.server("vm-0")["kind"] = "sriov"
    status, _, err = site.type(f"openstack server migrate --live {ON_1} --block-migration vm-0")
    assert status == 1
    assert "Migration pre-check error" in err
    assert site.type(f"nova live-migration vm-0 {ON_1}") == (0, "", "")
    site.world.clock.advance(60)
    assert (site.server("vm-0")["status"], site.server("vm-0")["host"]) == ("ACTIVE", ON_0)
    assert site.world.state["nova"]["overcloud"]["migrations"][-1]["status"] == "error"


@pytest.mark.parametrize(
    ("change", "nodes"), [({"kind": "sriov"}, ["-", "-"]), ({"on_live_migration": "ends-in-error"}, [ON_0, ON_1])]
)
def test_a_failed_migration_s_nodes_are_known_if_it_had_begun(
    site: Site, change: dict[str, str], nodes: list[str]
) -> None:
    site.server("vm-0").update(change)
    site.type(f"nova live-migration vm-0 {ON_1}")
    site.world.clock.advance(60)
    row = next(line for line in site.type("nova migration-list")[1].splitlines() if "| error " in line)
    assert row.split()[3:6:2] == nodes


def test_a_cpu_that_lacks_a_feature_is_told_of_in_the_log_of_the_host_alone(site: Site) -> None:
    site.server("vm-0")["on_live_migration"] = "refused-by-cpu"
    assert site.type(f"nova live-migration vm-0 {ON_1}") == (0, "", "")
    site.world.clock.advance(60)
    assert (site.server("vm-0")["status"], site.server("vm-0")["host"]) == ("ACTIVE", ON_0)
    log = site.world.files.path("overcloud-compute-0", "/var/log/nova/nova-compute.log").read_text("utf-8")
    assert f"[instance: {site.server('vm-0')['id']}] Live Migration failure: operation failed: guest CPU doesn't" in log


def test_pinned_cpus_are_no_reason_to_refuse(site: Site) -> None:
    site.server("vm-0")["kind"] = "pinned"
    assert site.type(f"nova live-migration vm-0 {ON_1}") == (0, "", "")
    site.world.clock.advance(60)
    assert (site.server("vm-0")["status"], site.server("vm-0")["host"]) == ("ACTIVE", ON_1)


def test_shared_storage_refuses_the_clients_swapped_default(site: Site) -> None:
    site.server("vm-0")["storage"] = "shared"
    status, _, err = site.type(f"openstack server migrate --live {ON_1} --shared-migration vm-0")
    assert status == 1
    assert "Block migration can not be used with shared storage." in err
    assert site.type(f"openstack server migrate --live {ON_1} --block-migration --wait vm-0")[:2] == (0, "Complete\n")


def test_the_scheduler_passes_over_disabled_hosts(site: Site) -> None:
    site.type(f"openstack compute service set --disable {ON_1} nova-compute")
    site.type("nova live-migration vm-0")
    site.world.clock.advance(30)
    assert site.server("vm-0")["host"] == ON_0


def test_a_cold_migration_waits_to_be_confirmed_and_its_wait_never_ends(site: Site) -> None:
    with pytest.raises(Gone):
        site.type("openstack server migrate --wait vm-0")
    assert (site.server("vm-0")["status"], site.server("vm-0")["host"]) == ("VERIFY_RESIZE", ON_1)
    site.type("openstack server resize --confirm vm-0; sleep 5")
    assert site.server("vm-0")["status"] == "ACTIVE"


def test_a_list_without_a_limit_is_one_page(site: Site) -> None:
    nova = site.world.state["nova"]["overcloud"]
    nova["max_limit"] = 3
    assert len(site.type("openstack server list --all-projects -f value")[1].splitlines()) == 3
    assert len(site.type("openstack server list --all-projects --limit -1 -f value")[1].splitlines()) == len(
        nova["servers"]
    )


def test_a_tenant_sees_its_own_servers_whatever_host_it_asks_for(site: Site) -> None:
    _, out, _ = site.type(f"openstack server list --host {ON_0} -f value -c Name", "tenantrc")
    assert "firewall" in out.splitlines()
    status, _, err = site.type("openstack server list --all-projects", "tenantrc")
    assert (status, "HTTP 403" in err) == (1, True)
    assert site.type("openstack server list -f value")[1] == ""


@pytest.mark.parametrize(
    ("line", "option"),
    [
        ("openstack server list --all-projects --reservation-id r-1", "--reservation-id"),
        ("openstack server list --flavor m1.small -f json", "--flavor"),
        ("openstack server create --image rhel-7.4 --flavor m1.dpdk --min 2 new", "--min"),
        ("nova live-migration --disk-over-commit vm-0", "--disk-over-commit"),
    ],
)
def test_an_option_that_the_client_has_and_nothing_obeys_is_refused(site: Site, line: str, option: str) -> None:
    status, out, err = site.type(line)
    assert (status, out) == (2, "")
    assert f"the simulator does not play {option}" in err


def test_instances_are_shut_off_after_their_host_has_booted(site: Site) -> None:
    site.world.fire(events.host_down, host="overcloud-compute-0")
    assert site.type("openstack server show -f value -c status vm-0")[1] == "ACTIVE\n"
    site.world.clock.advance(181)
    assert site.type("openstack server show -f value -c status vm-0")[1] == "SHUTOFF\n"


def test_services_and_agents_of_a_host_that_is_down_are_down(site: Site) -> None:
    site.world.fire(events.host_down, host="overcloud-compute-0")
    _, out, _ = site.type(f"openstack compute service list --host {ON_0} -f value -c State")
    assert out == "down\n"
    _, out, _ = site.type("openstack network agent list -f value -c Host -c Alive")
    assert f"{ON_0} False" in out.splitlines()
    site.world.clock.advance(240)
    assert site.type(f"openstack compute service list --host {ON_0} -f value -c State")[1] == "up\n"


def test_nothing_answers_while_the_underclouds_services_are_stopped(site: Site) -> None:
    site.world.state["hosts"]["undercloud"]["units"]["openstack-heat-api.service"]["active"] = "inactive"
    status, _, err = site.type("openstack stack list", "stackrc")
    assert (status, "Connection refused" in err) == (1, True)
    site.world.state["hosts"]["undercloud"]["units"]["httpd.service"]["active"] = "inactive"
    status, _, err = site.type("openstack server list", "stackrc")
    assert (status, "/v2.0/tokens" in err) == (1, True)


def test_a_dpdk_port_changes_where_its_server_is_plugged_under_new_openvswitch(site: Site) -> None:
    port = next(p for p in site.world.state["neutron"]["overcloud"]["ports"] if p["network"] == "dpdk")
    assert port["mode"] == "dpdkvhostuser"
    site.type("openstack server stop firewall; sleep 10; openstack server start firewall; sleep 10")
    assert port["mode"] == "dpdkvhostuser"
    site.world.state["hosts"]["overcloud-dpdk-1"]["openvswitch"]["running"] = "2.9.0"
    site.type("openstack server migrate firewall; sleep 60; openstack server resize --confirm firewall; sleep 5")
    assert (port["mode"], port["host"]) == ("dpdkvhostuserclient", "overcloud-dpdk-1.localdomain")


def test_what_is_suspended_is_resumed_and_nothing_else(site: Site) -> None:
    firewall = next(one for one in site.world.state["nova"]["overcloud"]["servers"] if one["name"] == "firewall")
    assert site.type("openstack server resume firewall")[0] == 1
    firewall["status"] = "SUSPENDED"
    assert site.type("openstack server resume firewall; sleep 60")[0] == 0
    assert firewall["status"] == "ACTIVE"


def test_a_port_gets_the_security_groups_that_there_are(site: Site) -> None:
    port = site.world.state["neutron"]["overcloud"]["ports"][0]
    port["security_groups"] = ["web"]
    status, _, err = site.type(f"neutron port-update {port['id']} --security-group nosuch")
    assert (status, err) == (1, "Unable to find security_group with name or id 'nosuch'\n")
    status, out, _ = site.type(f"neutron port-update {port['id']} --security-group default --security-group web")
    assert (status, out, port["security_groups"]) == (0, f"Updated port: {port['id']}\n", ["default", "web"])
    assert site.type("neutron port-update nosuch --security-group web")[0] == 1


def test_an_image_made_from_stdin_is_what_stood_there(site: Site) -> None:
    _, out, _ = site.type("openstack image create -f value -c status -c size -c checksum copy", stdin=b"abc")
    assert out == f"{hashlib.md5(b'abc').hexdigest()}\n3\nactive\n"


def test_a_plan_update_writes_rc_files_where_it_stands(site: Site) -> None:
    line = "openstack overcloud deploy --update-plan-only --templates -e /home/stack/templates/network.yaml"
    status, out, _ = site.type(line, "stackrc")
    assert (status, out.splitlines()[-1]) == (0, "Overcloud Deployed")
    for name in ("overcloudrc", "overcloudrc.v3", "tempest-deployer-input.conf"):
        assert site.world.files.path("undercloud", f"/home/stack/{name}").is_file()
    environment = site.world.state["mistral"]["undercloud"]["environments"][0]
    assert environment["variables"]["environments"][-1] == {"path": "/home/stack/templates/network.yaml"}
    assert environment["variables"]["parameter_defaults"]["ComputeCount"] == 2
    assert site.world.state["heat"]["undercloud"]["stacks"][0]["status"] == "CREATE_COMPLETE"


def test_a_plan_update_of_an_unknown_stack_leaves_a_plan_and_crashes(site: Site) -> None:
    status, _, err = site.type("openstack overcloud deploy --update-plan-only --templates --stack typo", "stackrc")
    assert (status, err) == (1, "'NoneType' object has no attribute 'get'\n")
    assert [one["name"] for one in site.world.state["mistral"]["undercloud"]["environments"]] == ["overcloud", "typo"]


def test_new_images_take_the_old_ones_names(site: Site) -> None:
    folder = site.world.files.path("undercloud", "/home/stack/images")
    (folder / "overcloud-full.qcow2").write_text("new")
    line = "openstack overcloud image upload --update-existing --image-path /home/stack/images"
    elsewhere = "The given file overcloud-full.vmlinuz is not a regular file\n"
    assert site.type(line, "stackrc") == (1, "", elsewhere)
    site.cwd = "/home/stack/images"
    status, out, _ = site.type(line, "stackrc")
    assert status == 0
    assert out.count("is up-to-date, skipping.") >= 4
    assert 'Image "overcloud-full" was uploaded.' in out
    names = [image["name"] for image in site.world.state["glance"]["undercloud"]["images"]]
    assert names.count("overcloud-full") == 1
    assert any(name.startswith("overcloud-full_2018") for name in names)


def test_a_configured_node_names_the_present_deploy_images(site: Site) -> None:
    node = site.world.state["ironic"]["undercloud"]["nodes"][0]
    node["driver_info"]["deploy_kernel"] = "gone"
    assert site.type(f"openstack overcloud node configure {node['uuid']}", "stackrc")[0] == 0
    images = {image["name"]: image["id"] for image in site.world.state["glance"]["undercloud"]["images"]}
    assert node["driver_info"]["deploy_kernel"] == images["bm-deploy-kernel"]


def test_an_undercloud_upgrade_updates_packages_and_starts_services(site: Site) -> None:
    host = site.world.state["hosts"]["undercloud"]
    host["units"]["openstack-heat-api.service"]["active"] = "inactive"
    assert site.type("openstack undercloud upgrade", "stackrc")[0] == 0
    assert host["packages"]["python-tripleoclient"] == [host["offers"]["python-tripleoclient"]]
    assert host["units"]["openstack-heat-api.service"]["active"] == "active"


def test_a_reader_that_is_slow_does_not_hold_the_world_up(site: Site) -> None:
    """What a list prints is written with the lock released: whoever reads it may ask the world meanwhile."""
    free: list[bool] = []

    class Slow(io.StringIO):
        def write(self, text: str) -> int:
            other = threading.Thread(target=lambda: free.append(site.world.lock.acquire(timeout=2)))
            other.start()
            other.join(LIMIT)
            return super().write(text)

    keystone = site.world.state["keystone"]["overcloud"]
    env = {"OS_AUTH_URL": keystone["auth_url"], "OS_USERNAME": "admin", "OS_PASSWORD": keystone["password"]}
    null = os.open(os.devnull, os.O_RDWR)
    out = Slow()
    call = Call(
        "nova", ("list", "--all-tenants"), "undercloud", "stack", "/", {**env, "OS_TENANT_NAME": "admin"},
        io.BytesIO(), cast(TextIO, out), cast(TextIO, io.StringIO()), (null, null, null),
    )  # fmt: skip
    assert TOOLS["nova"](call, site.world) == 0
    os.close(null)
    assert free == [True]
    assert "vm-0" in out.getvalue()


def test_a_routers_active_agent_moves_when_its_host_goes(site: Site) -> None:
    router = site.type("neutron router-list -f value -c id")[1].strip()
    line = f"neutron l3-agent-list-hosting-router -f value -c host -c alive -c ha_state {router}"
    first, second = "overcloud-controller-0.localdomain", "overcloud-controller-1.localdomain"
    assert sorted(site.type(line)[1].splitlines()) == [f"{first} :-) active", f"{second} :-) standby"]
    site.world.fire(events.host_down, host="overcloud-controller-0")
    assert sorted(site.type(line)[1].splitlines()) == [f"{first} xxx standby", f"{second} :-) active"]


def test_a_detached_port_that_nova_made_is_gone_and_its_address_free(site: Site) -> None:
    port = next(p for p in site.world.state["neutron"]["overcloud"]["ports"] if p["network"] == "dpdk")
    assert port["made_for_server"]
    listed = site.type("nova interface-list firewall", "tenantrc")[1]
    assert port["id"] in listed
    line = f"openstack server create --image rhel-7.4 --flavor m1.dpdk --nic net-id={port['network_id']}"
    refused, _, _ = site.type(f"{line},v4-fixed-ip={port['address']} copy", "tenantrc")
    site.type(f"nova interface-detach firewall {port['id']}", "tenantrc")
    assert port["id"] not in site.type("openstack port list -f value -c ID", "tenantrc")[1]
    done, _, _ = site.type(f"{line},v4-fixed-ip={port['address']} copy; sleep 10", "tenantrc")
    assert (refused, done) == (1, 0)
    assert site.server("copy")["networks"] == {"dpdk": [port["address"]]}


def test_the_old_plan_is_gone_before_the_environment_files_are_read(site: Site) -> None:
    folder = site.world.files.path("undercloud", "/home/stack/templates")
    (folder / "network.yaml").write_text("resource_registry: {OS::TripleO::Net: nic/gone.yaml, X: OS::Heat::None}\n")
    line = "openstack overcloud deploy --update-plan-only --templates -e /home/stack/templates/network.yaml"
    status, out, err = site.type(line, "stackrc")
    assert (status, err) == (1, "Could not fetch contents for file:///home/stack/templates/nic/gone.yaml\n")
    assert "Removing the current plan files\nUploading new plan files\n" in out
    variables = site.world.state["mistral"]["undercloud"]["environments"][0]["variables"]
    assert (variables["environments"], variables["parameter_defaults"]) == ([], {})


def test_what_is_missing_from_the_command_line_is_said_while_the_plan_stands(site: Site) -> None:
    line = "openstack overcloud deploy --update-plan-only --templates -e /home/stack/nosuch.yaml"
    before = json.dumps([site.world.state["swift"], site.world.state["mistral"]])
    status, _, err = site.type(line, "stackrc")
    assert (status, err) == (1, "Error: The following files were not found: /home/stack/nosuch.yaml\n")
    assert json.dumps([site.world.state["swift"], site.world.state["mistral"]]) == before


def test_a_plan_that_was_saved_comes_back(site: Site) -> None:
    swift = site.world.state["swift"]["undercloud"]["containers"]
    environment = site.world.state["mistral"]["undercloud"]["environments"][0]
    before = json.dumps([swift, environment["variables"]], sort_keys=True)
    folder = site.world.files.path("undercloud", "/home/stack/kept")
    folder.mkdir()
    site.cwd = "/home/stack/kept"
    assert site.type("openstack container save overcloud", "stackrc")[0] == 0
    names = sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())
    (folder / "mistral.json").write_text(json.dumps({"name": "overcloud", "variables": environment["variables"]}))
    swift["overcloud"].clear()
    environment["variables"] = {"environments": []}
    status, out, _ = site.type(f"openstack object create overcloud {' '.join(names)} -f value -c object", "stackrc")
    assert (status, out.split()) == (0, names)
    assert site.type("openstack workflow env update mistral.json", "stackrc")[0] == 0
    assert json.dumps([swift, environment["variables"]], sort_keys=True) == before
    assert site.type("openstack object create overcloud nosuch", "stackrc")[0] == 1
    assert site.type("openstack object create nosuch mistral.json", "stackrc")[0] == 1


@pytest.mark.parametrize(
    ("state", "verb", "said", "at_once", "later"),
    [
        ("enroll", "manage", "", "verifying", "manageable"),
        ("clean failed", "manage", "", "manageable", "manageable"),
        ("manageable", "provide", "", "available", "available"),
        ("enroll", "provide", '"provide" can not be performed', "enroll", "enroll"),
        ("clean wait", "abort", "", "clean failed", "clean failed"),
        ("error", "undeploy", "", "deleting", "available"),
        ("manageable", "undeploy", '"deleted" can not be performed', "manageable", "manageable"),
    ],
)
def test_ironic_moves_a_machine_from_state_to_state(
    site: Site, state: str, verb: str, said: str, at_once: str, later: str
) -> None:
    node = site.world.state["ironic"]["undercloud"]["nodes"][0]
    node["provision_state"] = state
    status, _, err = site.type(f"openstack baremetal node {verb} {node['name']}", "stackrc")
    assert (status, said in err, node["provision_state"]) == (1 if said else 0, True, at_once)
    site.type("sleep 20", "stackrc")
    assert node["provision_state"] == later


@pytest.mark.parametrize(
    ("line", "unknown"),
    [
        ("neutron agent-delete {}", "Unable to find agent with name or id '{}'"),
        ("openstack network agent delete {}", "No Agent found for {}"),
        ("openstack compute service delete {}", "1 of 1 compute services failed to delete."),
    ],
)
def test_what_is_deleted_is_gone_and_is_unknown_the_second_time(site: Site, line: str, unknown: str) -> None:
    rows = site.world.state["nova" if "compute" in line else "neutron"]["overcloud"]
    name: Any = "services" if "compute" in line else "agents"
    entry = rows[name][0]["id"]  # type: ignore[literal-required]
    count = len(rows[name])  # type: ignore[literal-required]
    assert site.type(line.format(entry))[0] == 0
    assert len(rows[name]) == count - 1  # type: ignore[literal-required]
    status, _, err = site.type(line.format(entry))
    assert (status, err.strip()) == (1, unknown.format(entry))


def test_the_switches_that_remedies_name_turn(site: Site) -> None:
    agent = site.world.state["neutron"]["overcloud"]["agents"][0]
    service = site.world.state["cinder"]["overcloud"]["services"][0]
    agent["admin_up"] = service["enabled"] = False
    assert site.type(f"neutron agent-update --admin-state-up True {agent['id']}")[0] == 0
    assert site.type(f"cinder service-enable {service['host']} {service['binary']}")[0] == 0
    assert (agent["admin_up"], service["enabled"]) == (True, True)
    assert site.type("cinder service-enable nowhere cinder-volume")[0] == 1
