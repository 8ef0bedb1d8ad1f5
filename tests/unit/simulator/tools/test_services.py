"""The control plane, its databases and Ceph: states, refusals, and what follows what."""

# ruff: noqa: E501  a line that a tool prints stays one line here

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest

from osp_simulator.engine.call import Refused
from osp_simulator.hosts import package_files
from osp_simulator.tools.mysql import server
from unit.simulator.worlds import CEPH, CONTROLLER, Served

VIP = "192.0.2.5"


@pytest.mark.parametrize(
    ("command", "status", "words"),
    [
        ("clustercheck", 0, "HTTP/1.1 200 OK"),
        ("rabbitmqctl node_health_check", 0, "Health check passed"),
        ("rabbitmqctl nosuch", 64, "could not recognise command"),
        ("pcs status", 0, "Online: [ overcloud-controller-0 overcloud-controller-1 overcloud-controller-2 ]"),
        ("pcs nosuch", 1, "Usage: pcs"),
        ("pcs property show stonith-enabled", 0, " stonith-enabled: true\n"),
        ("pcs property set nosuch=1", 1, "unknown cluster property"),
        ("crm_attribute --name none --query --quiet", 6, "No such device or address"),
        ("ceph -s", 0, "health HEALTH_OK"),
        ("ceph osd set nosuch", 22, "Error EINVAL: invalid command"),
        ("ceph nosuch", 22, "Error EINVAL: invalid command"),
        ("ceph config-key get nosuch", 2, "ENOENT"),
        ("ceph config-key exists nosuch", 2, "ENOENT"),
        ("redis-cli ping", 0, "NOAUTH Authentication required."),
        ("redis-cli -a wrong ping", 0, "NOAUTH Authentication required."),
        ("redis-cli -h 192.0.2.77 ping", 1, "Connection refused"),
        ("mysql -uroot -pwrong -e 'select 1'", 1, "ERROR 1045 (28000)"),
        ("mysql --nosuch", 2, "unknown option"),
        ("mysqldump -uroot -pwrong --all-databases", 2, "Got error: 1045"),
        ("mysqldump", 1, "Usage: mysqldump"),
        (
            "mysqldump --defaults-extra-file=/nosuch --all-databases",
            1,
            "Could not open required defaults file: /nosuch",
        ),
        ("mongodump --oplog --host 192.0.2.77 --out /tmp/m", 1, "no reachable servers"),
        ("mongodump --nosuch", 1, "unknown option"),
    ],
)
def test_answers_on_a_controller(shared: Served, command: str, status: int, words: str) -> None:
    answer = shared.run(f'ssh -n {CONTROLLER} "sudo {command}"')
    assert answer.status == status, answer
    assert words in answer.out + answer.err


# Each would answer otherwise on a real host, and is not played here.
UNPLAYED = """
yum -y --exclude=kernel update
yum -y -x kernel update
yum --disablerepo=* list openvswitch
mysql -h 192.0.2.77 --no-defaults -e 'select 1'
mysql -D nova -e 'select 1'
mysqldump --skip-comments --all-databases
mongodump --oplog --db ceilometer --out /var/tmp/m
mongo --port 27018 --eval 'db.isMaster()'
redis-cli -n 1 ping
rabbitmqctl -p / list_queues
df --total /
systemctl mask --runtime httpd
curl --proxy http://192.0.2.1 http://192.0.2.5:1993/
"""


def test_an_option_that_would_change_the_answer_is_refused_where_it_is_not_obeyed(shared: Served) -> None:
    script = "".join(f"{line} >/dev/null 2>&1 </dev/null && echo {line!r}\n" for line in UNPLAYED.strip().splitlines())
    assert shared.run(f"ssh {CONTROLLER} sudo bash -s <<'EOF'\n{script}\ntrue\nEOF").out == ""


ACCOUNTS = [["root", "%"], ["Root", "%"], ["rootless", "%"], ["no%a", "%"], ["it's\\", "%"], ["", "localhost"]]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("length(user) > 0 and user NOT LIKE 'root'", ["Root", "rootless", "no%a", "it's\\"]),
        ("user NOT LIKE 'root%'", ["Root", "no%a", "it's\\", ""]),
        ("user like '%\\%%' or user like 'r__t'", ["root", "no%a"]),
        ("user = \"it's\\\\\" or user in ('it''s', 'nobody')", ["it's\\"]),
        ("host != '%'", [""]),
    ],
)
def test_each_clause_of_a_query_is_obeyed(where: str, found: list[str]) -> None:
    assert accounts_where(where) == found


@pytest.mark.parametrize("where", ["user rlike 'root'", "nosuch = 1", "user = 'root"])
def test_a_clause_that_is_not_understood_is_refused(where: str) -> None:
    with pytest.raises(Refused, match="ERROR 1064"):
        accounts_where(where)


def accounts_where(where: str) -> list[str]:
    world: Any = SimpleNamespace(state={"galera": {"nodes": {CONTROLLER: {}}, "schemas": {}, "users": ACCOUNTS}})
    asked = f"SELECT user FROM mysql.user where ({where})"
    return [name for (name,) in server.answer(world.state["galera"], asked, world, CONTROLLER)[1]]


def test_schemas_by_engine_and_name() -> None:
    database: Any = {"schemas": {"nova": ["instances"], "keystone": ["user"]}}
    world: Any = SimpleNamespace(state={})
    asked = "select distinct table_schema from information_schema.tables where engine='innodb'"
    for more, found in (
        ("", ["keystone", "mysql", "nova"]),
        (" and table_schema != 'mysql'", ["keystone", "nova"]),
        (" and table_schema not in ('mysql', 'NOVA')", ["keystone"]),
    ):
        rows = server.answer(database, f"{asked}{more} order by 1", world, "undercloud")[1]
        assert rows == [[name] for name in found]
    with pytest.raises(Refused):
        server.answer(database, "select sum(data_length) from information_schema.tables", world, "undercloud")


def test_an_osd_that_udev_has_missed_and_one_that_is_taken_out(world: Served) -> None:
    world.set("ceph.osds.1.up", False)
    world.set("ceph.missed_by_udev", [1])
    assert "ceph-disk: Error" in world.run(f"ssh -n {CEPH} ceph-disk activate-all").err
    assert world.run(f"ssh -n {CONTROLLER} sudo ceph-disk activate-all").status == 127
    assert world.run(f"ssh -n {CEPH} sudo ceph-disk activate-all").status == 0
    assert world.get("ceph.osds.1.up") is True
    world.set("ceph.osds.1.up", False)
    assert "in osds are down" in world.run(f"ssh -n {CONTROLLER} sudo ceph health").out
    assert "marked out osd.1" in world.run(f"ssh -n {CONTROLLER} sudo ceph osd out 1").err
    assert "in osds are down" not in world.run(f"ssh -n {CONTROLLER} sudo ceph health").out
    use = json.loads(world.run(f"ssh -n {CONTROLLER} sudo ceph osd df --format json").out)["nodes"]
    assert (use[1]["reweight"], use[1]["pgs"]) == (0.0, 0)
    assert use[0]["pgs"] > 0


def test_a_clock_needs_a_while_after_the_boot(world: Served) -> None:
    world.set("hosts.overcloud-cephstorage-0.ntp.sync_seconds", 10**9)
    answer = world.run(f"ssh -n {CEPH} ntpstat")
    assert (answer.status, "unsynchronised" in answer.out) == (1, True)


def test_services_are_where_they_belong(shared: Served) -> None:
    for command in ("pcs status", "clustercheck", "rabbitmqctl status", "redis-cli ping", "mysql -e x"):
        assert shared.run(f"ssh -n {CEPH} sudo {command}").status == 127
    assert shared.run(f"ssh -n {CONTROLLER} ceph -s").status == 1


def test_crm_mon_is_xml_with_every_node_and_role(shared: Served) -> None:
    tree = ElementTree.fromstring(shared.run(f"ssh -n {CONTROLLER} sudo crm_mon --as-xml").out)
    assert [node.get("online") for node in tree.findall("nodes/node")] == ["true"] * 3
    roles = {resource.get("role") for resource in tree.iter("resource")}
    assert roles == {"Started", "Master", "Slave"}


def test_pacemaker_1_1_15_prints_nothing_of_what_is_meant_for_a_resource(world: Served) -> None:
    world.set("pacemaker.properties.dc-version", "1.1.15-11.el7_3.5-e174ec8")
    asked = "crm_resource --resource haproxy --meta --get-parameter target-role"
    assert world.on(CONTROLLER, asked).status == 6
    assert world.on(CONTROLLER, "pcs resource disable haproxy-clone").status == 0
    assert world.on(CONTROLLER, asked).out == "Stopped\n"
    tree = ElementTree.fromstring(world.on(CONTROLLER, "crm_mon --as-xml").out)
    assert tree.get("version") == "1.1.15"
    assert not {"target_role", "blocked"} & {name for resource in tree.iter("resource") for name in resource.attrib}


def test_in_maintenance_the_cluster_manages_nothing(world: Served) -> None:
    script = "pcs property set maintenance-mode=true; crm_mon --as-xml"
    tree = ElementTree.fromstring(world.on(CONTROLLER, script).out)
    assert {resource.get("managed") for resource in tree.iter("resource")} == {"false"}


def test_password_with_a_hash_must_be_quoted_in_a_defaults_file(world: Served) -> None:
    world.set("galera.password", "a#b'c\"d")
    script = """
umask 077
for line in 'password=a#b'\\''c"d' 'password="a#b'\\''c\\"d"'; do
  printf '[client]\\nuser=root\\n%s\\n' "$line" > /tmp/cnf
  mysql --defaults-extra-file=/tmp/cnf -sN -e 'show databases' > /dev/null; echo $?
done
"""
    assert world.run(f"ssh {CONTROLLER} sudo bash -s <<'EOF'\n{script}\nEOF").out.split() == ["1", "0"]


def test_dump_has_a_footer_and_a_cut_one_has_none(world: Served) -> None:
    line = "sudo -H mysqldump --opt --all-databases --result-file=/home/stack/dump.sql; echo $?; tail -1 /home/stack/dump.sql"
    answer = world.run(line)
    assert answer.out.splitlines()[0] == "0"
    assert answer.out.splitlines()[1].startswith("-- Dump completed on 2018-11-22 22:0")
    for behaviour, status in (("cut", "3"), ("disk-full", "5")):
        world.set("faults", [{"match": "^mysqldump", "do": behaviour}])
        answer = world.run(line)
        assert answer.out.splitlines()[0] == status
        assert "Dump completed" not in answer.out


def test_dump_does_not_write_where_the_user_may_not(shared: Served) -> None:
    answer = shared.run("mysqldump --all-databases --result-file=/root/x.sql")
    assert answer.status == 1
    assert "Permission denied" in answer.err


def test_bgsave_takes_time_and_lands_on_the_master(world: Served) -> None:
    script = """
say() { { printf 'AUTH "%s"\\n' "$(hiera redis::masterauth)"; printf '%s\\n' "$@"; } | redis-cli -h "$(hiera redis_vip)"; }
say bgsave bgsave lastsave 'info persistence' | tr -d '\\r' | grep -E 'ackground|^[0-9]|bgsave_in|bgsave_status'
sleep 10
say lastsave 'info persistence' | tr -d '\\r' | grep -E '^[0-9]|bgsave_in|bgsave_status'
head -c 5 /var/lib/redis/dump.rdb
"""
    out = world.run(f"ssh {CONTROLLER} sudo bash -s <<'EOF'\n{script}\nEOF").out.splitlines()
    assert out[:2] == ["Background saving started", "ERR Background save already in progress"]
    assert out[3] == "rdb_bgsave_in_progress:1"
    assert out[6] == "rdb_bgsave_in_progress:0"
    assert int(out[5]) > int(out[2])
    assert out[-1] == "REDIS"


def test_a_dump_has_the_name_that_redis_is_configured_with(world: Served) -> None:
    world.set("redis.dbfilename", "telemetry.rdb")
    script = """
say() { { printf 'AUTH "%s"\\n' "$(hiera redis::masterauth)"; printf '%s\\n' "$@"; } | redis-cli -h "$(hiera redis_vip)"; }
say 'config get dbfilename' bgsave | tr -d '\\r'
sleep 10
grep --text --count 'saved at' /var/lib/redis/telemetry.rdb
"""
    out = world.run(f"ssh {CONTROLLER} sudo bash -s <<'EOF'\n{script}\nEOF").out.splitlines()
    assert out[1:] == ["dbfilename", "telemetry.rdb", "Background saving started", "1"]


def test_info_lines_end_in_a_carriage_return(shared: Served) -> None:
    answer = shared.run(
        f"ssh {CONTROLLER} sudo bash -s <<'EOF'\nredis-cli -a \"$(hiera redis::masterauth)\" info persistence | od -c | head -2\nEOF"
    )
    assert "\\r  \\n" in answer.out


def test_mongo_names_the_primary_and_dumps(world: Served) -> None:
    script = """
ip="$(hiera mongodb::server::bind_ip)"
mongo --quiet --host "$ip" --eval 'db.isMaster().primary'
mongodump --quiet --oplog --host "$ip" --out /var/tmp/mongo 2>/dev/null && ls /var/tmp/mongo
"""
    assert world.run(f"ssh {CONTROLLER} sudo bash -s <<'EOF'\n{script}\nEOF").out.split() == [
        "[fd00::12]:27017",
        "ceilometer",
        "oplog.bson",
    ]


def test_rebooted_controller_leaves_and_rejoins_in_time(world: Served) -> None:
    other = "heat-admin@192.0.2.11"
    world.run(f"ssh -n {CONTROLLER} sudo reboot")
    during = world.run(f"ssh -n {other} sudo pcs status").out
    assert "OFFLINE: [ overcloud-controller-0 ]" in during
    assert "Started overcloud-controller-0" not in during
    assert world.get("redis.master") == "overcloud-controller-1"
    assert world.get("haproxy.services.redis")["overcloud-controller-1"] == "UP"
    world.simulator("advance", "190")
    assert world.run(f"ssh -n {CONTROLLER} sudo clustercheck").status == 1
    world.simulator("advance", "120")
    assert world.run(f"ssh -n {CONTROLLER} sudo clustercheck").status == 0
    after = world.run(f"ssh -n {other} sudo pcs status").out
    assert "OFFLINE" not in after
    assert "Stopped" not in after


def test_what_needs_longer_after_a_boot_comes_each_in_its_time(world: Served) -> None:
    for key, value in {
        "galera_seconds": 300,
        "rabbit_seconds": 600,
        "haproxy_seconds": 500,
        "haproxy_down": ["horizon"],
    }.items():
        world.set(f"hosts.overcloud-controller-0.{key}", value)
    world.set("cinder.overcloud.services.cinder-volume.report_seconds", 800)

    def now() -> list[bool]:
        volumes = world.run(
            ". ~/overcloudrc; openstack volume service list -f value -c State --service cinder-volume"
        ).out
        found = (
            world.get("galera.nodes.overcloud-controller-0.synced"),
            world.get("rabbit.nodes.overcloud-controller-0.running"),
            world.get("haproxy.services.glance_api.overcloud-controller-0") == "UP",
            world.get("haproxy.services.horizon.overcloud-controller-0") == "UP",
            volumes == "up\n",
        )
        return [bool(one) for one in found]

    world.run(f"ssh -n {CONTROLLER} sudo reboot")
    world.simulator("advance", "300")
    assert world.get("pacemaker.nodes.overcloud-controller-0.online") is True
    assert now() == [False, False, False, False, False]
    world.simulator("advance", "300")
    assert now() == [True, False, False, False, False]
    world.simulator("advance", "300")
    assert now() == [True, True, True, False, False]
    world.simulator("advance", "100")
    assert now() == [True, True, True, False, True]
    world.on(CONTROLLER, "pcs cluster stop; pcs cluster start")
    world.simulator("advance", "100")
    world.on(CONTROLLER, "pcs cluster stop")
    world.simulator("advance", "900")
    assert now()[:2] == [False, False], "what was on its way in the node's last membership never comes"


def test_a_rabbit_may_come_up_in_a_cluster_of_its_own(world: Served) -> None:
    world.set("hosts.overcloud-controller-0.rabbit_comes_up_alone", True)
    world.run(f"ssh -n {CONTROLLER} sudo reboot; sleep 600")
    running = world.run(f"ssh -n {CONTROLLER} sudo rabbitmqctl cluster_status").out
    assert "rabbit@overcloud-controller-0" in running
    assert "rabbit@overcloud-controller-1" not in running


def test_mongo_may_listen_on_another_network_than_its_host_is_known_by(world: Served) -> None:
    for number in range(3):
        world.set(f"mongo.nodes.overcloud-controller-{number}.address", f"fd00:2000::1{number}")
    ask = "mongo --quiet --ipv6 --host '[fd00:2000::10]:27017' --eval 'db.isMaster().primary'"
    assert world.run(f'ssh -n {CONTROLLER} "{ask}"').out == "[fd00:2000::12]:27017\n"
    assert world.run(f"ssh -n {CONTROLLER} mongo --quiet --host 192.0.2.10 --eval 1").status == 1


def test_yum_lists_every_version_where_it_is_told_to(world: Served) -> None:
    world.set("hosts.overcloud-controller-0.older_offers", {"openvswitch": ["2.5.0-1.el7", "2.6.1-1.el7"]})
    listed = world.run(f"ssh -n {CONTROLLER} yum --quiet list available openvswitch").out.split()
    last = world.get("hosts.overcloud-controller-0.offers.openvswitch")
    assert [word for word in listed if word.endswith(("el7", last))] == ["2.5.0-1.el7", "2.6.1-1.el7", last]


def test_half_of_a_file_is_lost_without_a_word(world: Served) -> None:
    world.set("faults", [{"match": "^hostname", "do": "shorten undercloud:/home/stack/kept-*"}])
    assert world.run("echo 12345678901 >kept-1; echo 123 >other; hostname >host; cat kept-1 other").out == "123456123\n"


def test_two_controllers_down_loses_quorum(world: Served) -> None:
    world.run(f"ssh -n {CONTROLLER} sudo reboot; ssh -n heat-admin@192.0.2.11 sudo reboot")
    answer = world.run("ssh -n heat-admin@fd00::12 sudo pcs status")
    assert "WITHOUT quorum" in answer.out
    assert world.run("ssh -n heat-admin@fd00::12 sudo ceph -s").status == 1


def test_stopping_the_cluster_needs_quorum_left(world: Served) -> None:
    answer = world.run(
        f"ssh -n {CONTROLLER} 'sudo pcs cluster stop && sudo pcs status'; ssh -n heat-admin@192.0.2.11 sudo pcs cluster stop"
    )
    assert "cluster is not currently running on this node" in answer.err
    assert "will cause a loss of the quorum" in answer.err
    world.run(f"ssh -n {CONTROLLER} sudo pcs cluster start")
    world.simulator("advance", "100")
    assert "OFFLINE" not in world.run(f"ssh -n {CONTROLLER} sudo pcs status").out


def test_ceph_s_flags_warn_and_are_set_once(world: Served) -> None:
    script = "ceph osd set noout; ceph osd set noout; ceph osd set norebalance; ceph health; ceph osd unset noout; ceph osd unset norebalance; ceph health"
    answer = world.run(f"ssh {CONTROLLER} sudo bash -s <<'EOF'\n{script}\nEOF")
    assert answer.out.splitlines() == ["HEALTH_WARN noout,norebalance flag(s) set", "HEALTH_OK"]
    assert answer.err.splitlines()[0] == "set noout"


def test_rebooted_osds_come_back_and_recover(world: Served) -> None:
    def status() -> dict[str, int]:
        text = world.run(f"ssh -n {CONTROLLER} sudo ceph -s -f json").out
        pgmap = json.loads(text)["pgmap"]
        found = {one["state_name"]: one["count"] for one in pgmap["pgs_by_state"]}
        assert sum(found.values()) == pgmap["num_pgs"]
        return found

    world.run(f"ssh -n {CONTROLLER} sudo ceph osd set noout; ssh -n {CEPH} sudo reboot")
    assert "active+undersized+degraded" in status()
    world.simulator("advance", "210")
    assert "active+recovery_wait+degraded" in status()
    world.simulator("advance", "120")
    assert set(status()) == {"active+clean", "active+clean+scrubbing"}


def test_osds_may_be_up_long_after_their_node(world: Served) -> None:
    world.set("hosts.overcloud-cephstorage-0.osd_seconds", 600)
    world.run(f"ssh -n {CONTROLLER} sudo ceph osd set noout; ssh -n {CEPH} sudo reboot")
    world.simulator("advance", "700")
    assert world.get("ceph.osds.0.up") is False
    world.simulator("advance", "100")
    assert world.get("ceph.osds.0.up") is True


def test_without_noout_a_long_reboot_throws_the_osds_out(world: Served) -> None:
    world.set("hosts.overcloud-cephstorage-0.reboot_seconds", 1200)
    world.run(f"ssh -n {CEPH} sudo reboot")
    world.simulator("advance", "700")
    assert "0 in" in world.run(f"ssh -n {CONTROLLER} sudo ceph osd stat").out


def test_haproxy_s_page_asks_for_the_password_and_the_right_scheme(shared: Served) -> None:
    password = shared.get("haproxy.password")
    url = f"http://{VIP}:1993/;csv"
    assert "401" in shared.run(f"curl -s '{url}'").out
    assert shared.run(f"curl -sf '{url}'").status == 22
    assert shared.run(f"curl -s -k '{url.replace('http', 'https')}'").status == 35
    assert shared.run("curl -s http://192.0.2.5:1994/").status == 7
    page = shared.run(f"printf 'user = \"admin:{password}\"\\n' | curl -s -K - '{url}'").out.splitlines()
    assert page[0].startswith("# pxname,svname,")
    states = {tuple(line.split(",")[:2]): line.split(",")[17] for line in page[1:]}
    assert states["mysql", "overcloud-controller-1"] == "UP"
    assert sorted(status for (name, _), status in states.items() if name == "redis") == [
        "DOWN",
        "DOWN",
        "OPEN",
        "UP",
        "UP",
    ]


def test_the_cluster_is_stopped_before_a_slow_rabbit_is_fenced(world: Served) -> None:
    other = "heat-admin@192.0.2.11"
    world.simulator("set", "hosts.overcloud-controller-0.rabbit_stops_slowly", "true")
    world.run(f"ssh -n {CONTROLLER} 'sudo pcs cluster stop && sudo reboot'")
    world.simulator("advance", "400")
    assert world.run(f"ssh -n {CONTROLLER} sudo rabbitmqctl node_health_check").status == 0
    world.run(f"ssh -n {CONTROLLER} sudo reboot")
    world.simulator("advance", "400")
    assert "OFFLINE" not in world.run(f"ssh -n {other} sudo pcs status").out
    assert world.run(f"ssh -n {CONTROLLER} sudo rabbitmqctl node_health_check").status != 0


def test_the_cluster_s_configuration_is_packed(world: Served) -> None:
    script = """pcs config backup /tmp/kept && tar -tjf /tmp/kept.tar.bz2
pcs config backup /tmp/kept.tar.bz2
pcs config backup /tmp/kept.tar.bz2 --force && pcs cluster stop && pcs config backup /tmp/stopped && pcs config"""
    answer = world.run(f"ssh {CONTROLLER} sudo bash -s <<'EOF'\n{script}\nEOF")
    assert answer.out.splitlines()[:3] == ["version.txt", "cib.xml", "corosync.conf"]
    assert "'/tmp/kept.tar.bz2' already exists, use --force to overwrite" in answer.err
    assert "cluster is not currently running on this node" in answer.err


def test_a_file_that_was_patched_in_place_is_verified_and_overwritten(world: Served) -> None:
    module = "/usr/share/openstack-puppet/modules/tripleo/manifests/profile/base/swift/storage.pp"
    script = f"""rpm --verify puppet-tripleo; echo $?
echo patched | sudo tee {module} >/dev/null; echo edited | sudo tee /etc/nova/api-paste.ini >/dev/null
rpm -V puppet-tripleo openstack-nova-api nosuch; echo $?
sudo yum -q -y update puppet-tripleo openstack-nova-api; rpm -V puppet-tripleo openstack-nova-api"""
    assert world.run(script).out.splitlines() == [
        "0",
        f"S.5....T.    {module}",
        "S.5....T.  c /etc/nova/api-paste.ini",
        "package nosuch is not installed",
        "1",
        "S.5....T.  c /etc/nova/api-paste.ini",
    ]


def test_a_registered_host_follows_a_release(world: Served) -> None:
    script = """subscription-manager release; mkdir -p /etc/pki/consumer; touch /etc/pki/consumer/cert.pem
subscription-manager release; subscription-manager release --set=8.1
subscription-manager release --set=7.7; subscription-manager release --show; subscription-manager release --unset"""
    answer = world.run(f"ssh {CONTROLLER} sudo bash -s <<'EOF'\n{script}\nEOF")
    assert answer.out.splitlines() == [
        "Release not set",
        "Release set to: 7.7",
        "Release: 7.7",
        "Release preference has been unset",
    ]
    assert "This system is not yet registered." in answer.err
    assert "No releases match '8.1'." in answer.err


def test_templates_of_an_older_package_lack_what_came_later() -> None:
    old, new = (package_files.templates(version) for version in ("5.3.10-1.el7ost", "5.3.20-1.el7ost"))
    shared = "extraconfig/tasks/pacemaker_common_functions.sh"
    for word in ("special_case_iptables_services_upgrade_if_needed", "change_ovs_runtime_mode", "getent passwd"):
        assert word in new[shared]
        assert word not in old[shared]
    assert "update_os_net_config" in old[shared]
