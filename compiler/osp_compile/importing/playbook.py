"""Deploy commands in Ansible's playbooks: the text of `shell:` and `command:` tasks, where that is what ran."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml

from osp_compile.diagnostics import Diagnostic, Span, error
from osp_compile.importing.plain_yaml import Loader
from osp_compile.importing.text import Text

MENTION = re.compile(r"\bovercloud\s+(?:\\\s+)?deploy\b")
BEGINS = re.compile(r"---(\s|$)|- +[\w.\"']|%YAML\b")
MODULE = re.compile(r"(?:ansible\.(?:builtin|legacy)\.)?(?P<name>shell|command)")
OWN = re.compile(r"(?:^|\s)(?:chdir|creates|removes|executable|warn|stdin|cmd|argv)=")
# the command module runs no shell, and replaces variables and tildes itself
FOR_A_SHELL = re.compile(r"[$`~*?\[\]{}|&;<>()#!\\]")
TEMPLATE = re.compile(r"\{\{|\{%|\{#")
CONDITIONS = ("when", "loop", "with_items", "with_list", "failed_when", "until")
MOST = 100_000  # nodes of a file
DEEPEST = 40
AS_IT_RAN = "give the command as it ran, as a file of its own"


@dataclass(frozen=True)
class Task:
    """A text that a shell ran; `first` is the line on which it begins, and `indent` the columns before its lines.

    `place` is where all of it is written, if its lines are not those of the file. `folder` is the folder it ran in.
    """

    script: str
    first: int
    indent: int = 0
    place: Span | None = None
    folder: str | None = None
    condition: int | None = None


def is_yaml(text: Text) -> bool:
    """Whether the file is YAML by its name, or by how it begins."""
    lines = (line for line in text.lines if line.strip() and not line.lstrip().startswith("#"))
    return text.file.endswith((".yml", ".yaml")) or bool(BEGINS.match(next(lines, "")))


def tasks(text: Text) -> tuple[list[Task], list[Diagnostic]]:
    """The tasks with a deploy command, in their order; a diagnostic for each mention that cannot be read exactly."""
    try:
        root = yaml.compose(text.all, Loader)
        found = _Tasks(text)
        if root is not None:
            found.walk(root, 0)
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark
        span = text.at(mark.line + 1, mark.column + 1) if mark else text.whole()
        return [], [error("yaml", f"this looks like YAML, and is not: {problem.problem}", span, AS_IT_RAN)]
    except (yaml.YAMLError, RecursionError):
        return [], [error("yaml", "this YAML cannot be read", text.whole(), AS_IT_RAN)]
    if not found.tasks and not found.problems:
        found.problems.append(_none(text, root))
    return found.tasks, found.problems


class _Tasks:
    def __init__(self, text: Text) -> None:
        self.text = text
        self.tasks: list[Task] = []
        self.problems: list[Diagnostic] = []
        self.seen: set[int] = set()

    def walk(self, node: yaml.Node, depth: int) -> None:
        if id(node) in self.seen or len(self.seen) > MOST or depth > DEEPEST:
            return
        self.seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            self._mapping(node, depth)
        elif isinstance(node, yaml.SequenceNode):
            for one in node.value:
                self.walk(one, depth + 1)
        elif MENTION.search(node.value) and node.start_mark.line != node.end_mark.line:
            self._refuse(node, "this text is not that of a `shell:` or `command:` task")

    def _mapping(self, node: yaml.MappingNode, depth: int) -> None:
        """A mapping, which is a task if the name of a module is one of its keys."""
        task = _by_key(node)
        for key, value in node.value:
            module = MODULE.fullmatch(key.value) if isinstance(key, yaml.ScalarNode) else None
            if module is not None:
                self._module(module["name"], value, task, key.start_mark.line + 1)
            else:
                self.walk(value, depth + 1)

    def _module(self, module: str, node: yaml.Node, task: Mapping[str, yaml.Node], line: int) -> None:
        given = _plain(task.get("args"))
        if isinstance(node, yaml.MappingNode):
            given = {**given, **_plain(node)}
            options = _by_key(node)
            node = options.get("cmd") or options.get("argv") or node
        if isinstance(node, yaml.SequenceNode):
            self._argv(node, given, task, line)
        elif isinstance(node, yaml.ScalarNode) and MENTION.search(node.value):
            self._script(module, node, given, task, line)

    def _argv(self, node: yaml.Node, given: Mapping[str, str], task: Mapping[str, yaml.Node], line: int) -> None:
        words = [str(one.value) for one in node.value]
        if not MENTION.search(" ".join(words)):
            return
        span = self.text.at(node.start_mark.line + 1, 1, 1 << 10)
        if any(FOR_A_SHELL.search(word) for word in words):
            self._refuse(node, "the `command` module itself replaces what is in these words")
        else:
            self.tasks.append(Task(shlex.join(words), line, 0, span, *_ran(given, task, line)))

    def _script(
        self, module: str, node: yaml.ScalarNode, given: Mapping[str, str], task: Mapping[str, yaml.Node], line: int
    ) -> None:
        script, first = node.value, node.start_mark.line + 1
        if TEMPLATE.search(script):
            self._refuse(node, "the command is a template, which Ansible fills in")
        elif OWN.search(script):
            self._refuse(node, "options of the module are among the words of the command")
        elif module == "command" and FOR_A_SHELL.search(script):
            self._refuse(node, "no shell reads this command: the `command` module itself replaces what is in it")
        elif node.style == "|":
            place = None if self.text.at(first + 1).text.strip() else self._place(node)
            self.tasks.append(Task(script, first + 1, self._indent(script, first), place, *_ran(given, task, line)))
        elif first == node.end_mark.line + 1 and not node.style:
            self.tasks.append(Task(script, first, node.start_mark.column, None, *_ran(given, task, line)))
        else:
            script = script if module == "shell" else script.replace("\n", " ")
            self.tasks.append(Task(script, first, 0, self._place(node), *_ran(given, task, line)))

    def _indent(self, script: str, first: int) -> int:
        """The blanks that the file has before each line of a text that begins after the line `first`."""
        begins = next((len(one) - len(one.lstrip(" ")) for one in self.text.lines[first:] if one.strip()), 0)
        # an indentation that is written down may leave blanks in the text
        return begins - (len(script.lstrip("\n")) - len(script.lstrip("\n").lstrip(" ")))

    def _place(self, node: yaml.Node) -> Span:
        """The line of the value that names the command."""
        first, last = node.start_mark.line + 1, node.end_mark.line + 1
        line = next((one for one in range(first, last + 1) if "overcloud" in self.text.at(one).text), first)
        shown = self.text.at(line).text
        column = len(shown) - len(shown.lstrip()) + 1
        return self.text.at(line, column, len(shown.strip()))

    def _refuse(self, node: yaml.Node, reason: str) -> None:
        message = f"the deploy command of this playbook is not read: {reason}"
        self.problems.append(error("playbook", message, self._place(node), AS_IT_RAN))


def _by_key(node: yaml.MappingNode) -> dict[str, yaml.Node]:
    """The values of a mapping, without those whose key is not a text."""
    return {key.value: value for key, value in node.value if isinstance(key, yaml.ScalarNode)}


def _plain(node: yaml.Node | None) -> dict[str, str]:
    """The texts of a mapping: the options of a task."""
    return dict(_texts(node)) if isinstance(node, yaml.MappingNode) else {}


def _texts(node: yaml.Node) -> Iterator[tuple[str, str]]:
    for key, value in node.value:
        if isinstance(key, yaml.ScalarNode) and isinstance(value, yaml.ScalarNode):
            yield key.value, value.value


def _ran(given: Mapping[str, str], task: Mapping[str, yaml.Node], line: int) -> tuple[str | None, int | None]:
    """The folder that the task ran in, if that is written out, and the line of the task if a condition is on it."""
    folder = given.get("chdir", "")
    known = folder.startswith("/") and not TEMPLATE.search(folder)
    return folder if known else None, line if any(key in task for key in CONDITIONS) else None


def _none(text: Text, root: yaml.Node | None) -> Diagnostic:
    keys = {key.value for key, _ in root.value} if isinstance(root, yaml.MappingNode) else set()
    if keys & {"parameter_defaults", "resource_registry", "parameters", "parameter_merge_strategies"}:
        message = "this is an environment file of the templates, not a deploy script"
        return error("no-deploy-command", message, text.whole(), "give its folder with --templates")
    mentioned = MENTION.search(text.all)
    place = text.at(text.all.count("\n", 0, mentioned.start()) + 1) if mentioned else text.whole()
    message = "this is YAML, and no `shell:` or `command:` task in it runs `openstack overcloud deploy`"
    return error("no-deploy-command", message, place, AS_IT_RAN)
