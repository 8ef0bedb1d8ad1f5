"""The schema in an editor: what yaml-language-server completes, explains and refuses in a spec.

It is skipped where that program is not on PATH; `npm install --prefix DIR yaml-language-server` puts it into
DIR/node_modules/.bin.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from osp_compile.spec import schema
from unit.machine import needs_programs
from unit.waiting import begun

pytestmark = [needs_programs("yaml-language-server", "node"), pytest.mark.timeout(120)]
MODELINE = "# yaml-language-server: $schema=site.schema.json\n"
SPEC = f"""{MODELINE}version: 1
site: {{name: lab-1, change: 0042137}}
nodes:
- {{name: overcloud-controller-0, role: Controller, address: 192.0.2.10}}
env_files: [/home/stack/net.yaml]
mongodb: true
"""


class Editor:
    """One session with the server, over its standard input and output; the specs lie in `folder`."""

    def __init__(self, server: subprocess.Popen[bytes], folder: Path) -> None:
        self._server, self._folder, self._count = server, folder, 0
        self.ask("initialize", {"processId": None, "rootUri": folder.as_uri(), "capabilities": {}})
        self.tell("initialized", {})
        yaml = {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}
        self.tell("workspace/didChangeConfiguration", {"settings": {"yaml": yaml}})

    def tell(self, method: str, params: object) -> None:
        self._send({"method": method, "params": params})

    def ask(self, method: str, params: object) -> Any:
        self._count += 1
        self._send({"id": self._count, "method": method, "params": params})
        while True:
            message = self._read()
            if message.get("id") == self._count and "method" not in message:
                assert "error" not in message, message
                return message["result"]

    def open(self, text: str) -> str:
        """The address of a new spec with this text."""
        self._count += 1
        uri = (self._folder / f"site-{self._count}.yaml").as_uri()
        self.tell(
            "textDocument/didOpen",
            {"textDocument": {"uri": uri, "languageId": "yaml", "version": 1, "text": text}},
        )
        return uri

    def problems(self, text: str) -> list[str]:
        """What is underlined in a spec with this text."""
        uri = self.open(text)
        while True:
            message = self._read()
            params = message.get("params", {})
            if message.get("method") == "textDocument/publishDiagnostics" and params["uri"] == uri:
                return [f"{one['range']['start']['line'] + 1}: {one['message']}" for one in params["diagnostics"]]

    def at(self, method: str, marked: str) -> Any:
        """What the server says at the place of `|` in a spec."""
        before, _, after = marked.partition("|")
        place = {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}
        uri = self.open(before + after)
        return self.ask(f"textDocument/{method}", {"textDocument": {"uri": uri}, "position": place})

    def completions(self, marked: str) -> dict[str, str]:
        """{word: what is said of it} at the place of `|`."""
        found = self.at("completion", marked)
        return {one["label"]: json.dumps(one.get("documentation") or "") for one in found["items"]}

    def hover(self, marked: str) -> str:
        return str(self.at("hover", marked)["contents"]["value"])

    def _send(self, message: dict[str, object]) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._server.stdin is not None
        self._server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(data), data))
        self._server.stdin.flush()

    def _read(self) -> Any:
        """The next message; what the server asks of its editor is answered with nothing."""
        assert self._server.stdout is not None
        length = 0
        while (line := self._server.stdout.readline().strip()) or not length:
            name, _, value = line.partition(b":")
            assert name, "the server has ended"
            length = int(value) if name.lower() == b"content-length" else length
        message = json.loads(self._server.stdout.read(length))
        if "id" in message and "method" in message:
            self._send({"id": message["id"], "result": None})
        return message


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    folder = tmp_path_factory.mktemp("specs")
    (folder / "site.schema.json").write_text(schema.text(), "utf-8")
    with begun(["yaml-language-server", "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        yield Editor(server, folder)
        server.kill()


def test_a_right_spec_has_no_problems(editor: Editor) -> None:
    assert editor.problems(SPEC) == []


@pytest.mark.parametrize("name", ["minimal", "tokyo-1", "hyperconverged"])
def test_the_examples_have_no_problems(editor: Editor, name: str) -> None:
    assert editor.problems((schema.FILE.parent / f"examples/{name}.yaml").read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("fencing: maybe", 'Incorrect type. Expected "boolean".'),
        ("images: none", 'Value is not accepted. Valid values: "update", "skip".'),
        ("not_after: 25:99", "must be a time of day from 00:00 to 23:59"),
        ("ssh: {parallel: 99}", "Value is above the maximum of 64."),
        ("undercloud: {home: home/stack}", "must be an absolute path without `.` or `..` segments"),
        ("waive: {clocks: it is known}", "must be the id of a step, such as 2.12/8"),
        ("fensing: true", "Property fensing is not allowed."),
        ("deploy: {roles_file: roles.yaml}", "must be an absolute path of a file, without `.` or `..` segments"),
    ],
)
def test_what_is_wrong_is_underlined_in_words(editor: Editor, line: str, words: str) -> None:
    assert editor.problems(f"{SPEC}{line}\n") == [f"8: {words}"]


def test_a_relative_file_is_right_where_the_folder_is_said(editor: Editor) -> None:
    relative = SPEC.replace("/home/stack/net.yaml", "net.yaml")
    assert editor.problems(relative + "deploy: {directory: /home/stack}\n") == []
    assert len(editor.problems(relative)) == 1


def test_every_key_is_completed_with_its_description(editor: Editor) -> None:
    document = json.loads(schema.text())
    top = editor.completions(f"{SPEC}|")
    assert {*top} == {*document["properties"]} - {"version", "site", "nodes", "env_files", "mongodb"}
    assert all(len(words) > 10 for words in top.values())
    for key in ("backup", "timeouts", "compute_reboot", "hooks", "deploy"):
        found = editor.completions(f"{SPEC}{key}:\n  |")
        assert {*found} == {*document["properties"][key]["properties"]}


def test_the_values_of_a_key_are_completed(editor: Editor) -> None:
    assert {*editor.completions(f"{SPEC}compute_reboot:\n  stuck: |")} == {"cold", "stop", "leave", "fail"}
    assert "05:30" in editor.completions(f"{SPEC}not_after: |")


@pytest.mark.parametrize(
    ("marked", "words"),
    [
        ("not_|after: 05:30\n", ("Start no disruptive step after this time of day", "Example", "05:30")),
        ("compute_reboot: {stu|ck: cold}\n", ("* `leave`: They go down with the node", "Default: `fail`.")),
        ("backup: {copy|_to: /mnt/backup}\n", ("user@[IPv6]:/path", "/mnt/backup")),
        ("undercloud: {ho|me: /home/x}\n", ("home directory", "Default: `/home/{user}`.")),
        ("accept:\n  ceph:\n  - {che|ck: TOO_MANY_PGS, reason: known}\n", ("* `OSDMAP_FLAGS`: A flag of the cluster",)),
    ],
)
def test_a_key_is_explained_where_the_pointer_rests(editor: Editor, marked: str, words: tuple[str, ...]) -> None:
    shown = editor.hover(SPEC + marked)
    assert [one for one in words if one not in shown] == []
