"""What each file of tests/data/deploy gives, as text: the command's facts, and each diagnostic with its place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from osp_compile.importing import deploy_command, deploy_script, deploy_words, text
from osp_compile.importing.bash.values import Undercloud
from osp_compile.importing.deploy_words import Deploy
from osp_compile.importing.text import Entry, Text

STACK = Undercloud()
FOLDER = Path(__file__).parents[2] / "data/deploy"


def outcome(path: Path, undercloud: Undercloud = STACK) -> str:
    """A line for each fact and diagnostic; a value that is not known has `?` before it."""
    read = text.read(path)
    assert isinstance(read, Text)
    commands, problems = deploy_script.find(read, undercloud)
    lines: list[str] = []
    if commands:
        chosen, more = deploy_command.choose(commands, None)
        problems += more
        if chosen is not None:
            deploy = deploy_words.read(chosen)
            problems += deploy.diagnostics
            lines += facts(deploy)
    for one in problems:
        place = f"{one.span.line}:{one.span.column}" if one.span else "-"
        lines.append(f"{one.severity} {place} {one.code}: {one.message}")
    return "\n".join(lines) + "\n"


def facts(deploy: Deploy) -> Iterator[str]:
    for key in ("stack", "templates", "roles_file", "answers_file"):
        entry = getattr(deploy, key)
        if entry:
            yield f"{key} {shown(entry)}"
    yield from (f"directory {shown(entry)}" for entry in deploy.directories)
    yield from (f"file {shown(entry)}" for entry in deploy.env_files)
    if deploy.extra:
        yield f"extra {' '.join(shown(entry) for entry in deploy.extra)}"


def shown(entry: Entry) -> str:
    return f"?{entry.text}" if entry.problem else entry.text
