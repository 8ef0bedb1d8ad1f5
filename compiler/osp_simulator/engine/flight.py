"""What the commands of a run have changed, in order, for its flight plan: a line of JSON for each.

A command has changed something where the world differs after it: its state, less what time or others have brought, or
the files of a host that it had a session on. Lines are of four kinds, by the key that they have:

call     {"at", "ended", "host", "user", "tool", "argv", "outcome", "journal", "changed": [[place, before, after]...]},
         and of one that had a session on a host "session": {"host", "user", "argv", "files", "lines"}, of any other
         that has written files of its own host "files"
own      a program that a step of the script has run itself: {"step": the step's name, "node", "cwd", "at", "journal"}
moved    an instance that is on another host than before: {"moved": id, "name", "from", "to", "at"}
booted   a host that has booted: {"booted", "at"}
"""

from __future__ import annotations

import json
import marshal
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from osp_simulator.engine.registry import facts_of
from osp_simulator.engine.sessions import Stamp, different, stamp
from osp_simulator.engine.traces import Script, Session, changing, is_own, is_simulated, may_change, unwrapped, words_of
from osp_simulator.fast.reach import reach
from osp_simulator.hosts import users
from osp_simulator.state.access import servers
from osp_simulator.state.places import differing_parts

if TYPE_CHECKING:
    from osp_simulator.engine.call import Call
    from osp_simulator.engine.changes import Change
    from osp_simulator.engine.world import World

Place = tuple[str, ...]
STEPS = ("_apply", "_attend")  # how the functions of steps end
STEP = re.compile(rf"(\w+)(?:{'|'.join(STEPS)})")


class Flight:
    """Records the changes of one run in the file `place`."""

    def __init__(self, world: World, place: Path) -> None:
        place.parent.mkdir(exist_ok=True)
        self._world = world
        self._lines = place.open("w", encoding="utf-8", buffering=1)
        self._user = users.of_undercloud(world.state["site"]).name
        self._script = Script(world.folder, self._user)
        self._cwd = ""
        self._step = ("", "")
        self._done: list[tuple[int, str, list[str]]] = []  # (when, host, words) of calls that have changed something
        self._places: dict[Place, tuple[Any, Any]] = {}
        self._owed: dict[int, dict[Place, tuple[Any, Any]]] = {}
        self._open: dict[int, Call] = {}
        self._sessions: dict[int, Session] = {}
        self._stamps: dict[int, Stamp] = {}  # {call: the files of its host as it began}
        self._hosts, self._boots = self._instances(), self._booted()

    def begins(self, call: Call) -> None:
        """Called when a call is about to act; first records what the script has run before it."""
        with self._world.lock:
            self._open[id(call)] = call
            if self._may_write(call):
                self._stamps[id(call)] = stamp(self._world, call.host, folders=True)
            if (call.host, call.user) == ("undercloud", self._user):
                self._own()

    def noted(self, changes: Iterable[Change]) -> None:
        """Called when a call has changed parts of the state."""
        for part, old in changes:
            before = None if old is None else marshal.loads(old)
            for place, was, now in differences(before, self._world.changes.part(part), part):
                first, _ = self._places.get(place, (was, now))
                self._places[place] = (first, now)

    def session(self, call: Call, host: str, user: str, argv: list[str]) -> Session:
        """Called when the call runs a command on a host."""
        found = Session(self._world.folder, host, user, argv)
        with self._world.lock:  # other calls begin and end meanwhile
            self._sessions[self._key_of(call)] = found
        return found

    def _key_of(self, call: Call) -> int:
        """The key of the call; for what `timeout` runs, itself not a call, that of the `timeout`."""
        if id(call) in self._open:
            return id(call)
        around = (key for key, one in reversed(self._open.items()) if one.connection is call.connection)
        return next(around, id(call))

    def ended(self, call: Call, line: Mapping[str, Any]) -> None:
        """Called when the call is over, with its `line` in the list of calls; the world's lock is held."""
        self._open.pop(id(call), None)
        session = self._sessions.pop(id(call), None)
        places = self._places_of(call, session)
        files = session.files if session is not None else self._files_of(call)
        if not places and not files and not (session is None and _has_changed(call, line)):
            return
        facts = {key: line[key] for key in ("at", "ended", "host", "user", "tool", "argv", "outcome", "journal")}
        facts["changed"] = [[*place] for place in _rows(places)]
        if session is not None:
            facts["session"] = self._facts_of(session, line)
        elif files:
            facts["files"] = files
        self._done.append((line["at"], call.host, [call.tool, *call.argv]))
        self._write(facts)
        self.looks()

    def _facts_of(self, session: Session, line: Mapping[str, Any]) -> dict[str, Any]:
        commands = session.commands
        return {
            "host": session.host, "user": session.user, "argv": session.argv, "files": session.files,
            "call": called(one for one, _ in commands), "lines": self._lines_of(session.host, commands, line),
        }  # fmt: skip

    def _places_of(self, call: Call, session: Session | None) -> dict[Place, tuple[Any, Any]]:
        """The places that a call has changed by its end, {place: (value before, value after)}."""
        owed = self._owed.pop(id(call), {})
        places, self._places = self._places, {}
        if reach(call.tool, call.argv, call.host) is None and session is None:
            # a tool that only reports has changed nothing: the change belongs to a call that is still running
            self._owe(places)
            return owed
        return owed | places

    def looks(self) -> None:
        """Records the instances that have moved and the hosts that have booted since the last look."""
        self._own()
        now, boots = self._instances(), self._booted()
        for one, (name, host) in now.items():
            before = self._hosts.get(one, ("", None))[1]
            if before and host and before != host:
                self._write({"moved": one, "name": name, "from": before, "to": host, "at": self._world.clock.now()})
        for host, count in boots.items():
            if count > self._boots.get(host, count):
                self._write({"booted": host, "at": self._world.clock.now()})
        self._hosts, self._boots = now, boots

    def _may_write(self, call: Call) -> bool:
        """Whether the call can write files that no session of another call will show."""
        if facts_of(call.tool).passes_on != "nothing" or reach(call.tool, call.argv, call.host) is None:
            return False
        return not any(session.host == call.host for session in self._sessions.values())

    def _files_of(self, call: Call) -> list[tuple[str, str]]:
        before = self._stamps.pop(id(call), None)
        return [*different(before, stamp(self._world, call.host, folders=True))] if before is not None else []

    def _lines_of(self, host: str, commands: Iterable[tuple[str, list[str]]], line: Mapping[str, Any]) -> list[str]:
        """The session's commands that have changed something; if its host went down, the last one is included."""
        every = [*commands]
        done = [words for at, where, words in self._done if where == host and at >= line["at"]]
        gone = [one for one, _ in every[-1:]] if not line["outcome"].startswith("exit ") else []

        def changes(one: str) -> bool:
            return unwrapped(one) in done if is_simulated(one) else changing(one, host)

        return [" ".join((one, *writes)) for one, writes in every if writes or one in gone or changes(one)]

    def _owe(self, places: dict[Place, tuple[Any, Any]]) -> None:
        for key, call in reversed(self._open.items()):
            if places and reach(call.tool, call.argv, call.host) is not None:
                self._owed.setdefault(key, {}).update(places)
                return

    def _own(self) -> None:
        """Records the real programs that steps of the script have run since the last look."""
        for line in self._script.news():
            # splitting a line into words is slow, and most lines are the shell's own
            first = line.partition(" ")[0]
            if first != "cd" and not first.endswith(STEPS) and not may_change(first):
                continue
            words = words_of(line)
            begun = STEP.fullmatch(words[0]) if words else None
            if begun:
                self._step, self._cwd = (begun[1], "".join(words[1:2])), ""
            elif words[:1] == ["cd"]:
                self._cwd = words[-1]
            elif words and not is_simulated(line) and changing(line, "undercloud", self._cwd):
                step, node = self._step
                where = {"user": self._user, "step": step, "node": node, "cwd": self._cwd}
                self._write({"own": line, **where, "at": self._world.clock.now(), "journal": self._journalled()})

    def _journalled(self) -> int:
        return self._world.served.runs.journalled() if self._world.served is not None else 0

    def _instances(self) -> dict[str, tuple[str, str | None]]:
        return {one["id"]: (one["name"], one["host"]) for one in servers(self._world.state, "overcloud")}

    def _booted(self) -> dict[str, int]:
        return {name: host["boots"] for name, host in self._world.state["hosts"].items()}

    def _write(self, facts: Mapping[str, Any]) -> None:
        self._lines.write(json.dumps(facts) + "\n")


def _has_changed(call: Call, line: Mapping[str, Any]) -> bool:
    """Whether a call has changed files that can be the site's, and not only in the run's own folders."""
    if not line["changed"]:
        return False
    return reach(call.tool, call.argv, call.host) is not None and not is_own((call.tool, *call.argv), call.cwd)


def called(lines: Iterable[str]) -> str:
    """The function, with its arguments, that a shell was sent: the first command that is not a setting of the shell."""
    settings = ("set -euo pipefail", "umask 077", "export LC_ALL=C", "LC_ALL=C", "cd /")
    return next((line for line in lines if line not in settings), "")


def differences(before: Any, after: Any, place: Place) -> Iterator[tuple[Place, Any, Any]]:
    """(place, value before, value after) wherever two structures differ; a missing value is None."""
    if before == after:
        return
    parts = differing_parts(before, after)
    if parts is None:
        yield place, before, after
        return
    for key, old, new in parts:
        # an entry of a list is known by its name rather than by its index
        name = new.get("name") if isinstance(before, list) and isinstance(new, dict) else None
        yield from differences(old, new, (*place, str(name or key)))


def _rows(places: Mapping[Place, tuple[Any, Any]]) -> Iterator[tuple[list[str], Any, Any]]:
    for place, (before, after) in places.items():
        if before != after:
            yield [*place], short(before), short(after)


def short(value: Any) -> Any:
    """The value if it is short enough to show, else its size."""
    if isinstance(value, str):
        return value if len(value) <= 80 else f"{value[:77]}..."
    if isinstance(value, dict):
        return f"{len(value)} entries"
    if isinstance(value, list):
        plain = all(isinstance(one, str | int) for one in value) and len(value) < 6
        return [short(one) for one in value] if plain else f"{len(value)} entries"
    return value
