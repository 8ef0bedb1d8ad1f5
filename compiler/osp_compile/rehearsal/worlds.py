"""Plays a world file (world_file.py): sets up its initial state, runs its commands and checks the outcome."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from osp_compile.bundle.on_disk import digest
from osp_compile.rehearsal import site, world_file
from osp_compile.rehearsal.operator import Operator, ScriptRun
from osp_compile.rehearsal.trials import Outcome, Rehearsal, clone_world, last_words, opened, run_of, write_transcript
from osp_simulator.engine import lifecycle
from osp_simulator.state.places import differing, words_of

if TYPE_CHECKING:
    from osp_simulator.state import State

CALLS = "calls.jsonl"
ALIKE = 4  # calls that are shown for a fault that has not come about
SHOWN = 120  # characters of each


def world(rehearsal: Rehearsal, name: str) -> Outcome:
    """A trial that plays this world file to its end."""
    file = Path(name)
    data = world_file.read(file)
    outcome = Outcome(world_file.trial_id(file), data["title"])
    place = rehearsal.world(outcome.trial)
    after = world_file.begins_after(data, list(rehearsal.scripts))
    if data.get("built"):
        lifecycle.remove(place)
    else:
        clone_world(rehearsal.world(f"after-{after}") if after else rehearsal.world("start"), place)
    bundle = _variant(rehearsal, data, place, outcome)
    if bundle is None:
        return outcome
    said = []
    with opened(place) as operator:
        known = (place / CALLS).stat().st_size
        if "spec" in data:
            operator.type(["./runbook", "approve", digest(bundle)])
        _set_out(operator, data)
        for number, run in enumerate(data["runs"], 1):
            if "faults" in run:
                outcome.wrong += unmet(operator.ask("get", path="faults"), _calls(place, known))
            _set_out(operator, run)
            ran = _play(operator, bundle, run)
            said.append(ran.output)
            outcome.window += ran.seconds
            outcome.wrong += [f"run {number}: {line}" for line in _judge(run, ran)]
        calls = _calls(place, known)
        outcome.wrong += unmet(operator.ask("get", path="faults"), calls)
        outcome.wrong += _judge_end(operator, data, [line for _, line in calls])
    write_transcript(rehearsal, outcome, "\n=== next run ===\n".join(said))
    lifecycle.remove(place)
    return outcome


def _variant(rehearsal: Rehearsal, data: Mapping[str, Any], place: Path, outcome: Outcome) -> Path | None:
    """The bundle to rehearse: the rehearsal's own, or one compiled from its spec with this world's keys put in."""
    if "spec" not in data:
        return rehearsal.bundle
    from osp_compile.pipeline import compile_site
    from osp_simulator.seed.site import normal

    spec = yaml.load(Path(rehearsal.spec).read_bytes(), Loader=yaml.CSafeLoader)
    folder = rehearsal.folder / "variants" / outcome.trial
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "site.yaml").write_text(yaml.safe_dump(_merged(spec, data["spec"]), allow_unicode=True), "utf-8")
    result = compile_site(
        folder / "site.yaml", folder / "out", "en", Path(rehearsal.templates), linted=False, paged=False
    )
    if result.path is None:
        outcome.wrong += [f"its spec does not compile: {one.message}" for one in result.diagnostics]
        return None
    site.take_as_signed(result.path)
    if data.get("built"):
        site.make(place, result.path, rehearsal.bash)
        return result.path
    state = json.loads((place / "state.json").read_text("utf-8"))
    manifest = json.loads((result.path / "manifest.json").read_text("utf-8"))
    state["site"], state["bundle"] = normal(manifest["site"]), str(result.path.resolve())
    (place / "state.json").write_text(json.dumps(state, ensure_ascii=False), "utf-8")
    return result.path


def _merged(one: Any, other: Any) -> Any:
    if isinstance(one, dict) and isinstance(other, dict):
        return {**one, **{key: _merged(one.get(key), value) for key, value in other.items()}}
    return other


def _set_out(operator: Operator, data: Mapping[str, Any]) -> None:
    """Sets what is different from here on."""
    for path, value in (data.get("state") or {}).items():
        operator.ask("set", path=path, value=value, others=True)
    for path in data.get("lost") or ():
        operator.ask("remove", path=path)
    _write_files(operator, data.get("files") or {})
    if "faults" in data:
        operator.ask("set", path="faults", value=data["faults"])
    for command in data.get("root") or ():
        status, output = operator.type(["bash", "-c", command], user="root")
        if status != 0:
            raise world_file.WorldError(f"{command!r} ended with {status} before the world began: {output}")


def _write_files(operator: Operator, texts: Mapping[str, Mapping[str, str | None]]) -> None:
    for host, files in texts.items():
        for path, text in files.items():
            _write(Path(operator.ask("file", host=host, path=path)), text)


def _write(place: Path, text: str | None) -> None:
    if text is None:
        shutil.rmtree(place) if place.is_dir() and not place.is_symlink() else place.unlink(missing_ok=True)
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, "utf-8")


def _play(operator: Operator, bundle: Path, run: Mapping[str, Any]) -> ScriptRun:
    if "advance" in run:
        operator.ask("advance", seconds=run["advance"])
    answering = Operator(operator.world, [str(word) for word in run.get("answers", ())], float(run.get("thinks", 0)))
    if "command" in run:
        command = run["command"]
        words = ["bash", "-c", command] if isinstance(command, str) else [str(word) for word in command]
        status, output = answering.type(words)
        return ScriptRun(status, output, 0.0)
    section = str(run["section"])
    script = next(iter(sorted(bundle.glob(f"{section}-*.sh"))), None)
    if script is None:
        raise world_file.WorldError(f"the bundle has no section {section}")
    return run_of(answering, section, [f"./{script.name}", *(str(word) for word in run.get("options", ()))])


def _judge(run: Mapping[str, Any], ran: ScriptRun) -> Iterator[str]:
    wanted = run.get("status", 0)
    if ran.status not in (wanted if isinstance(wanted, list) else [wanted]):
        yield f"ended with {ran.status}, not {wanted}:"
        yield from last_words(ran.output)
    output = " ".join(ran.output.split())
    yield from (f"does not say: {text}" for text in run.get("says", ()) if " ".join(str(text).split()) not in output)
    yield from (f"says: {text}" for text in run.get("silent", ()) if " ".join(str(text).split()) in output)
    yield from _judge_breaches(run.get("breaks", ()), ran.breaches)


def _judge_breaches(meant: Collection[str], breaches: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Safety rules that were broken unexpectedly, and those that were expected to be broken but were not."""
    broken = set()
    for breach in breaches:
        broken.add(breach["rule"])
        if breach["rule"] not in meant:
            yield f"safety rule {breach['rule']}: {breach['text']}"
    yield from (f"the safety rule {name} should have been broken here" for name in meant if name not in broken)


def unmet(faults: Iterable[Mapping[str, Any]], calls: Collection[tuple[str, str]]) -> Iterator[str]:
    """Faults that never took effect: such a world tests less than it says. A call is its host and its line."""
    for fault in faults:
        nth = fault.get("nth", 1)
        wanted, seen = min(nth) if isinstance(nth, list) else nth, fault.get("seen", 0)
        if seen < wanted:
            yield f"the fault {fault['match']!r} has not come about: {seen} calls of {wanted} were there"
            if not seen:
                yield from _alike(fault, calls)


def _alike(fault: Mapping[str, Any], calls: Collection[tuple[str, str]]) -> Iterator[str]:
    """A few of the calls that an unmet fault may have been meant for: of the tool that its pattern begins with."""
    named = re.match(r"\^?([\w-]+)", fault["match"])
    if named is None:
        return
    tool = named[1]
    there = [call for call in dict.fromkeys(calls) if call[1].partition(" ")[0] == tool]
    there.sort(key=lambda call: call[0] != fault.get("host"))
    yield from (f"  {host} called: {line:.{SHOWN}}" for host, line in there[:ALIKE])
    if not there:
        yield f"  nothing called {tool}"


def _judge_end(operator: Operator, data: Mapping[str, Any], calls: list[str]) -> Iterator[str]:
    state = operator.ask("get", path="")
    then = data.get("then") or {}
    yield from (f"in the end {difference}" for difference in differing(state, then))
    yield from _hosts_unknown(state, then)
    for pattern, wanted in (data.get("calls") or {}).items():
        count = sum(bool(re.search(pattern, line)) for line in calls)
        if count != wanted:
            yield f"{pattern!r} was called {count} times, not {wanted}"


def _hosts_unknown(state: State, then: Mapping[str, Any]) -> Iterator[str]:
    """A place below a host that the site does not have is missing whatever happens: expecting that tests nothing."""
    for path in then:
        top, *below = words_of(path)
        if top == "hosts" and len(below) > 1 and below[0] not in state["hosts"]:
            yield f"then: {path}: the site has no host {below[0]}"


def _calls(place: Path, known: int) -> list[tuple[str, str]]:
    """Host and line of each call in the world's list after its first `known` bytes, which the sections before left."""
    with (place / CALLS).open("rb") as file:
        file.seek(known)
        rows = [json.loads(line) for line in file]
    return [(row["host"], " ".join((row["tool"], *row["argv"]))) for row in rows]
