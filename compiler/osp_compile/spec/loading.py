"""Loads a spec: reading, schema and rules, one after the other, with everything that is wrong reported at once."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from posixpath import normpath
from typing import Any

from osp_compile.assets import STANDARD_INPUT
from osp_compile.diagnostics import Diagnostic, error, has_errors, in_order, quoted
from osp_compile.spec import build, coerce, rules, schema, yaml_reader
from osp_compile.spec.model import Site
from osp_compile.spec.yaml_tree import Mapping, Source

VERSION = "heat_template_version"
SAYS_VERSION = re.compile(rf"""(['"]?){VERSION}\1[ ]*:""")


def load(path: Path, known_steps: frozenset[str]) -> tuple[Site | None, tuple[Diagnostic, ...]]:
    """The site of the spec at `path`, or None with at least one error; warnings come with either.

    `known_steps` are the ids of the steps a waiver may name. Never raises for what a file may hold.
    """
    with _uncollected():
        return _load(path, known_steps)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Switches the garbage collector off: a spec has no reference cycles, and collecting takes a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _load(path: Path, known_steps: frozenset[str]) -> tuple[Site | None, tuple[Diagnostic, ...]]:
    spec, read_problems = yaml_reader.read(path)
    if spec.root is None:
        return None, read_problems
    data, null_problems = coerce.coerce(spec, schema.load())
    checked = schema.validate(called_from(data), spec)
    if not isinstance(checked.data, dict):
        return None, in_order((*read_problems, *null_problems, *checked.diagnostics))
    post_install, post_problems = _post_install(path, checked.data, spec)
    view = rules.View(checked.data, spec, checked.broken, known_steps, post_install)
    found = (*read_problems, *null_problems, *checked.diagnostics, *post_problems, *rules.check(view))
    if has_errors(found):
        return None, in_order(found)
    text = "\n".join(post_install.lines) if post_install else None
    return build.build(checked.data, text), in_order(found)


def called_from(data: Any) -> Any:
    """`data` with the deploy command's relative files made absolute, if `deploy.directory` says where it was called."""
    deploy = data.get("deploy") if isinstance(data, dict) else None
    if not isinstance(deploy, dict):
        return data
    folder = deploy.get("directory")
    if not isinstance(folder, str) or not folder.startswith("/"):
        return data
    data["env_files"] = _absolute(data.get("env_files"), folder)
    for key in ("templates", "roles_file", "environment_directories", "answers_file"):
        if key in deploy:
            deploy[key] = _absolute(deploy[key], folder)
    return data


def _absolute(value: Any, folder: str) -> Any:
    if isinstance(value, list):
        return [_absolute(entry, folder) for entry in value]
    if not isinstance(value, str) or not value or value.startswith(("/", "~", "$", "-")):
        return value
    path = normpath(f"{folder}/{value}")
    return f"{path}/" if value.endswith("/") else path


def _post_install(path: Path, data: dict[str, Any], spec: Source) -> tuple[Source | None, tuple[Diagnostic, ...]]:
    """The text of the site's own post-install.yaml; an error if it is not a template. Its content is never shown."""
    nfv = data.get("nfv")
    name = nfv.get("post_install") if isinstance(nfv, dict) else None
    if not isinstance(name, str):
        return None, ()
    # a spec from a pipe has no folder: its relative files are those of the caller
    folder = Path() if path == STANDARD_INPUT else path.parent
    file, problems = yaml_reader.read(folder / name, one_line=False, from_shell=False)
    span = spec.value(("nfv", "post_install"))
    if file.root is None and not file.lines:
        help = problems[0].help or "the path is relative to the spec's folder"
        reason = problems[0].message
        return None, (error("post-install", f"{quoted(name)} cannot be used: {reason}", span, help),)
    if not _is_template(file):
        help = "name the site's own post-install.yaml; a template says its `heat_template_version`"
        return None, (error("post-install", f"{quoted(name)} cannot be used: it is not a Heat template", span, help),)
    return file, problems


def _is_template(file: Source) -> bool:
    """Whether the text declares a template version; if it is not valid YAML, whether a line does."""
    if isinstance(file.root, Mapping):
        return VERSION in file.root.entries
    return file.root is None and any(SAYS_VERSION.match(line) for line in file.lines)
