"""sudo's and ssh's own rules."""

from __future__ import annotations

import pytest

from unit.simulator.worlds import CONTROLLER, Served


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("sudo id -u", "0"),
        ("sudo -n -- id -u", "0"),
        ("sudo -u stack id -un", "stack"),
        ("A=1 sudo bash -c 'echo ${A-unset}'", "unset"),
        ("sudo A=2 bash -c 'echo $A'", "2"),
        ("A=3 sudo -E bash -c 'echo $A'", "3"),
        ("sudo -H bash -c 'echo $HOME'", "/root"),
        ("sudo bash -c 'echo $HOME'", "/home/stack"),
        ("cd /tmp; sudo pwd", "/tmp"),
        ("cd /tmp; sudo -i pwd", "/root"),
        ("sudo -i bash -c 'echo a  b'", "a b"),
        ("sudo bash -c 'echo $SUDO_USER'", "stack"),
        ("printf x | sudo cat", "x"),
        ("sudo sudo id -u", "0"),
    ],
)
def test_sudo(shared: Served, command: str, expected: str) -> None:
    answer = shared.run(command)
    assert (answer.out.strip(), answer.err) == (expected, "")


@pytest.mark.parametrize("command", ["sudo", "sudo --nosuch id", "sudo -W id", "sudo -u nobodyhere id", "sudo nosuch"])
def test_sudo_refuses(shared: Served, command: str) -> None:
    answer = shared.run(command)
    assert answer.status == 1
    assert answer.out == ""


def test_ssh_joins_the_remote_words_for_a_shell(shared: Served) -> None:
    assert shared.run(f"ssh -n {CONTROLLER} echo 'a  b' '$HOME'").out == "a b /home/heat-admin\n"


def test_ssh_without_n_eats_the_loop_s_input_and_with_it_does_not(shared: Served) -> None:
    loop = "printf '1\\n2\\n3\\n' | while read -r x; do echo $x; ssh {} true; done"
    assert shared.run(loop.format(CONTROLLER)).out == "1\n"
    assert shared.run(loop.format(f"-n {CONTROLLER}")).out == "1\n2\n3\n"


def test_ssh_passes_input_status_and_both_outputs(shared: Served) -> None:
    answer = shared.run(f"echo in | ssh {CONTROLLER} 'cat; echo err >&2; exit 7'")
    assert (answer.status, answer.out, answer.err) == (7, "in\n", "err\n")


@pytest.mark.parametrize(
    ("command", "error"),
    [
        ("ssh -n heat-admin@192.0.2.99 true", "ssh: connect to host 192.0.2.99 port 22: Connection timed out"),
        ("ssh -n heat-admin@nosuch true", "ssh: Could not resolve hostname nosuch: Name or service not known"),
        (
            "ssh -n 'heat-admin@[fd00::12]' true",
            "ssh: Could not resolve hostname [fd00::12]: Name or service not known",
        ),
        ("ssh -n root@192.0.2.10 true", "Permission denied (publickey,gssapi-keyex,gssapi-with-mic)."),
        ("ssh -o NoSuchOption=1 192.0.2.10 true", "command-line: line 0: Bad configuration option: nosuchoption"),
        ("ssh -o StrictHostKeyChecking=accept-new 192.0.2.10 true", 'unsupported option "accept-new".'),
        ("ssh -Z 192.0.2.10 true", "unknown option -- Z"),
        (
            "ssh -O check -S /tmp/none heat-admin@192.0.2.10",
            "Control socket connect(/tmp/none): No such file or directory",
        ),
        ("rm .ssh/known_hosts; ssh -n -o BatchMode=yes heat-admin@192.0.2.11 true", "Host key verification failed."),
    ],
)
def test_ssh_ends_255(world: Served, command: str, error: str) -> None:
    answer = world.run(command, "--cwd", "/home/stack")
    assert answer.status == 255
    assert error in answer.err


def test_ssh_refuses_a_changed_key(world: Served) -> None:
    world.set("hosts.overcloud-controller-0.host_key", "ssh-ed25519 AAAAchanged")
    answer = world.run(f"ssh -n {CONTROLLER} true")
    assert answer.status == 255
    assert "REMOTE HOST IDENTIFICATION HAS CHANGED" in answer.err


def test_ssh_reaches_ipv6_names_and_config_aliases(shared: Served) -> None:
    shared.run("printf 'Host c0\\n  HostName 192.0.2.10\\n  User heat-admin\\n' > /home/stack/.ssh/config")
    answer = shared.run(
        "ssh -n heat-admin@fd00::12 hostname -s; ssh -n heat-admin@overcloud-controller-1 hostname -s; "
        "ssh -n c0 hostname -s"
    )
    assert answer.out.split() == ["overcloud-controller-2", "overcloud-controller-1", "overcloud-controller-0"]


def test_ssh_master_is_a_socket_that_check_and_exit_know(shared: Served) -> None:
    options = "-o ControlMaster=auto -o ControlPath=/tmp/cm-%h -o ControlPersist=60"
    answer = shared.run(
        f"ssh -n {options} {CONTROLLER} true; [[ -S /tmp/cm-192.0.2.10 ]] && echo socket;"
        f"ssh -O check {options} {CONTROLLER}; echo $?; ssh -O exit {options} {CONTROLLER}; ls /tmp/cm-192.0.2.10"
    )
    assert answer.out.split() == ["socket", "0"]
    assert "Master running" in answer.err
    assert "Exit request sent." in answer.err
    assert answer.status == 2


def test_lost_connection_after_the_work_was_done(world: Served) -> None:
    world.fault("^ssh .*touch", "lost-after")
    assert world.run(f"ssh -n {CONTROLLER} touch /tmp/done").status == 255
    assert world.run(f"ssh -n {CONTROLLER} ls /tmp/done").status == 0


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("scp heat-admin@192.0.2.10:/etc/hostname /tmp/", 0),
        ("scp 'heat-admin@[fd00::12]:/etc/hostname' /tmp/", 0),
        ("scp heat-admin@fd00::12:/etc/hostname /tmp/", 1),
        ("scp heat-admin@192.0.2.10:/nosuch /tmp/", 1),
        ("scp heat-admin@192.0.2.10:/root/.bash_history /tmp/", 1),
        ("scp heat-admin@192.0.2.10:/etc/hostname /etc/", 1),
        ("scp /tmp/2018-22:00:00.sql /tmp/copy", 0),
        ("cd /tmp; scp 2018-22:00:00.sql copy2", 1),
        ("rsync -a /etc/hostname backup@192.0.2.250:/srv/osp/new/", 0),
        ("rsync --nosuch /etc/hostname backup@192.0.2.250:/srv/osp/", 1),
        ("rsync -a /etc/hostname backup@192.0.2.250:/nosuch/deep/er/", 23),
        ("rsync -a /etc/nosuch backup@192.0.2.250:/srv/osp/", 23),
    ],
)
def test_transfers(shared: Served, command: str, status: int) -> None:
    assert shared.run(f"touch /tmp/2018-22:00:00.sql; {command}").status == status


def test_transferred_file_has_the_far_side_s_content(shared: Served) -> None:
    shared.run("rsync -a /etc/hostname backup@192.0.2.250:/srv/osp/kept/")
    assert shared.run("ssh -n backup@192.0.2.250 cat /srv/osp/kept/hostname").out == "undercloud.localdomain\n"


def test_host_keys_are_gathered_found_and_forgotten(world: Served) -> None:
    answer = world.run(
        "ssh-keyscan -T 5 192.0.2.10 2>/dev/null > /tmp/k; ssh-keygen -lf /tmp/k; ssh-keygen -F 192.0.2.10"
    )
    assert answer.status == 0
    assert answer.out.startswith("256 SHA256:")
    assert world.run("ssh-keygen -R 192.0.2.10 && ssh-keygen -F 192.0.2.10").status == 1


def test_unknown_options_are_passed_over_where_ssh_is_told_to(shared: Served) -> None:
    bad = "command-line: line 0: Bad configuration option: sessiontype\n"
    assert shared.run(f"ssh -o SessionType=none {CONTROLLER} true").err == bad
    assert shared.run(f"ssh -o SessionType=none -o IgnoreUnknown=* {CONTROLLER} true").err == bad
    assert shared.run(f"ssh -o IgnoreUnknown='Set*,Session*' -o SessionType=none {CONTROLLER} echo yes").out == "yes\n"
