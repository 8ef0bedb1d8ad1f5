"""docs/variables.md: the global variables of the runtime's engine, and who sets and reads each."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from osp_compile.lint.checking import tool

PAGE = Path(__file__).parents[2] / "docs/variables.md"
TEMPLATES = Path(__file__).parents[2] / "templates"
RUNTIME = TEMPLATES / "_runtime"
ENGINE = (RUNTIME / "runtime.sh", *sorted((RUNTIME / "engine").glob("*.sh")))
SYSTEMS = tuple(sorted((RUNTIME / "systems").glob("*.sh")))
SECTIONS = tuple(sorted(file for folder in TEMPLATES.glob("2.*") for file in folder.glob("*.sh*")))
# what bash and other programs call so themselves
FOREIGN = re.compile(r"BASH|LC_|PYTHON|POSIX|(?:HOME|IFS|OPTARG|OPTIND|REPLY|PATH|PS4|TZ|TERM|TMPDIR)$")
NAME = re.compile(r"[A-Z][A-Z0-9_]*")
FILLS = re.compile(r"read|mapfile|\w+_into")  # these set the variables that they are given by name
SETS = frozenset({"=", "+=", "-=", "++", "--"})
LIMIT = 60  # seconds
Tree = dict[str, Any]
MANY = 4  # so many files of systems/ are named
INTRODUCTION = """\
# The engine's variables

Bash has one set of global variables for all that a script sources. These are the ones that the engine sets (`templates/_runtime/engine/`, and
`runtime.sh` beside it); a step reads those of the first table, sets none of them but SAID, WHY, REMEDY and WAY, where the words that find something
out put it, and has no variable of its own by any of these names. The values of the spec are in `site.sh`, as `docs/spec.md` has its keys;
the folder of the bundle is in BUNDLE, which the head of each script sets.
Made from the shell by `pytest --update`; what each holds is in `tests/pages/variables.py`.

## What steps and the files of systems/ read

"""
BETWEEN = """
## What the engine's files have between them

"""
OWN = """
## What one file has for itself

| file | variables |
|---|---|
"""
HEAD = "| variable | what it holds | set by | read by |\n|---|---|---|---|\n"
MEANS = {
    "ANSWER": "yes, no or unknown: what the last question that was asked (`ask`, `answer`) has answered",
    "ANSWER_LIMIT": "the words before a command that only reads: `timeout` and its seconds",
    "BOLD": "the terminal's sequence for bold; empty without a terminal",
    "COPY": "the folder of the checked copy that a run reads",
    "CAUSE": "the cause of the error that was looked up last",
    "CHANGED": "the steps that have changed something in this run, with their nodes",
    "COMMAND_LIMIT": "as ANSWER_LIMIT, before a command that may act; in an apply its seconds are PATIENCE",
    "COMPLAINT_FD": "the descriptor of stderr as the run had it",
    "CURED": "yes once the remedy of an error has been shown",
    "CURE_ID": "the row of remedies.tsv for the error that was looked up last; empty without one",
    "CURE_RANK": "exact or general: how well that row fits",
    "CURRENT_NODE": "the node of the step at hand; empty for a step without nodes",
    "CURRENT_ROW": "the number of the step at hand in the STEP_ lists",
    "DIGEST": "the SHA-256 that names the bundle",
    "DIM": "the terminal's sequence for faint text",
    "DOING": "what the run does: asking, confirming, applying, verifying, checking, stopping",
    "FAILED_CHECKS": "the checks that have failed in this run",
    "FORCE_GATE": "the reason of `--force-gate`; empty without it",
    "GREEN": "the terminal's sequence for green",
    "HEARD": "the lines that the commands of this step have printed last",
    "HOOKED": "no if the site's program before a node has failed",
    "JOURNAL": "the path of the journal",
    "JOURNAL_LOST": "yes once a line could not be written to it",
    "KEPT": "the folder of the answers that the question at hand may use again",
    "KNOWN_HOSTS": "the file of known host keys that ssh uses for the nodes",
    "LOG": "the path of the section's log",
    "MODE": "run, dry-run, status, list and the like: what the command line asks for",
    "MOMENT": "the folder of the answers since something was last done; empty while something is done",
    "NEEDED": "yes if a change in the body of a bracket is still to be done",
    "NODES": "the names of the site's nodes, in its order",
    "NODE_ADDRESS": "{node: address}",
    "NODE_ROLE": "{node: role}",
    "NOW": "the time of the last `look_at_clock`, in seconds since the epoch",
    "ONLY_NODE": "the node of `--node`; empty without it",
    "ONLY_STEP": "the step of `--step`; empty without it",
    "OPEN_BRACKETS": "the brackets that are open: the row that closes each, and its node",
    "PATIENCE": "the seconds that an apply's commands have, and whole backups: four hours, or `timeouts.answer`",
    "PLAIN": "the terminal's sequence that ends a colour",
    "RECORDS": "the folder of what a change remembers on the undercloud",
    "RED": "the terminal's sequence for red",
    "REDRAW": "yes if a line of the terminal may be drawn again",
    "REMEDY": "what to do about WHY; empty if there is nothing to do",
    "RUN_STARTED": "when this run began, in seconds since the epoch",
    "SAID": "what the last function that finds something out has found",
    "SCRATCH": "the run's own folder for files that nobody needs after it",
    "SCREEN_FD": "the descriptor of the screen as the run had it",
    "SCREEN_GONE": "yes once nobody reads the screen any more",
    "SCREEN_LOG": "the log that the screen's lines are copied to; empty where they get there by themselves",
    "SCRIPT": "the file name of the section's script",
    "SECTION": "the number of the section, as 2.07",
    "SECTION_NEEDS": "the sections that come before it",
    "SECTION_TITLE": "the title of the section",
    "SSH_FIXED": "the options that every ssh gets",
    "SSH_OPTIONS": "those of an ssh to a node of the site",
    "SSH_PORT": "the port of the nodes' sshd",
    "SSH_SOCKETS": "the folder of the connections that are shared",
    "STANDING": "done, warned, open or unknown: the state of the section that was asked about",
    "STATE": "the folder of the change: journal, logs, evidence",
    "STEADY": "seconds since the run began, by a clock that never goes back",
    "STEP_AT": "how far the run is among the steps of the walk",
    "STEP_BRACKET": "of each step: opens, body or closes, and the bracket's word",
    "STEP_COUNT": "how many steps the walk has",
    "STEP_DEADLINE": "of each step: seconds that its verify is polled for",
    "STEP_ID": "of each step: its number, as 2.07/3",
    "STEP_NAME": "of each step: the name that its functions begin with",
    "STEP_RISK": "of each step: low, disruptive or destructive",
    "STEP_SHAPE": "of each step: change, check or attended",
    "STEP_STARTED": "when the step at hand began, in seconds since the epoch",
    "STEP_TITLE": "of each step: its title",
    "STOPPED": "yes once the end of the run was reported, so that its trap reports nothing more",
    "UNSETTLED": "unsettled while a check may still settle: what `not_yet` is counted as then",
    "WAITED": "yes if the last `poll` has seen what it waited for, or else no",
    "ENTERED_BATCH": "the number of the batch that the run is at; 0 outside of groups",
    "WALK_BATCH": "of each row of the walk: the number of its batch; 0 outside of groups",
    "WALK_NODE": "of each row of the walk: the node; empty for a step without nodes",
    "WALK_ROW": "of each row of the walk: the step's number in the STEP_ lists",
    "WARNED": "the checks, and the changes, that have warned in this run",
    "WAY": "the options and the login of the ssh to the node that was asked for last",
    "WHERE_A_NODE_IS_SILENT": "the remedy for a node that does not answer",
    "WHO": "who runs the script, by the system's own login name",
    "WHY": "the reason of the last answer",
    "WHY_FILE": "where the reason of a question goes that is asked in a subshell",
    "WRITES": "yes if this call may write to the folder of the change: a run, and not a dry run",
    "YELLOW": "the terminal's sequence for yellow",
    "YES": "yes if `--yes` confirms what is disruptive",
}


def tree(text: str) -> Tree:
    """A shell file as shfmt's parser has it."""
    words = [tool("shfmt", "pip install shfmt-py"), "--to-json", "--language-dialect", "bash"]
    done = subprocess.run(words, input=text, capture_output=True, text=True, check=True, timeout=LIMIT)
    found: Tree = json.loads(done.stdout)
    return found


def set_in(node: Any) -> Iterator[str]:
    """The global variables that a part of the tree sets; what is set for one command alone does not count."""
    if isinstance(node, dict):
        yield from filter(NAME.fullmatch, _set_by(node))
        for one in node.values():
            yield from set_in(one)
    elif isinstance(node, list):
        for one in node:
            yield from set_in(one)


def _set_by(node: Tree) -> Iterator[str]:
    kind = node.get("Type")
    if kind == "CallExpr":
        words = [_literal(word) for word in node.get("Args", ())]
        if not words:
            yield from (one["Name"]["Value"] for one in node["Assigns"])
        elif FILLS.fullmatch(words[0]):
            yield from words[1:]
        elif words[:2] == ["printf", "-v"]:
            yield words[2]
    elif kind == "DeclClause" and node["Variant"]["Value"] != "local":
        yield from (one["Name"]["Value"] for one in node["Args"] if "Name" in one)
    elif kind == "WordIter":
        yield node["Name"]["Value"]
    elif kind in ("BinaryArithm", "UnaryArithm") and node["Op"] in SETS:
        yield _literal(node["X"])


def _literal(word: Tree) -> str:
    parts = word.get("Parts", ())
    return str(parts[0]["Value"]) if len(parts) == 1 and parts[0]["Type"] == "Lit" else ""


@cache
def sets(file: Path) -> frozenset[str]:
    """The global variables that a shell file sets, less those of bash and of other programs."""
    return frozenset(name for name in set_in(tree(file.read_text("utf-8"))) if not FOREIGN.match(name))


@cache
def setters() -> dict[str, tuple[Path, ...]]:
    """{global variable: the files of the engine that set it}, sorted by name."""
    names = sorted(frozenset().union(*map(sets, ENGINE)))
    return {name: tuple(file for file in ENGINE if name in sets(file)) for name in names}


@cache
def text_of(file: Path) -> str:
    """A shell file without the lines that are comments."""
    return "\n".join(line for line in file.read_text("utf-8").splitlines() if not line.lstrip().startswith("#"))


def reads(file: Path, name: str) -> bool:
    """Whether a shell file, which may have Jinja in it, reads a global variable."""
    forms = rf"\$\{{?[#!]?{name}\b|\(\([^)]*\b{name}\b|-v {name}\b|\b{name}\[|\bnumbers\b.*\b{name}\b"
    return name in text_of(file) and re.search(forms, text_of(file)) is not None


def may_set(file: Path) -> bool:
    """Whether a variable of the engine occurs in a shell file other than with a `$`: nothing else can set one."""
    return re.search(rf"(?<![\w${{#!])(?:{'|'.join(setters())})\b", text_of(file)) is not None


def readers(name: str, files: tuple[Path, ...]) -> list[Path]:
    """Those of the files that read a global variable."""
    return [file for file in files if reads(file, name)]


def is_shared(name: str) -> bool:
    """Whether more than one file has to do with it."""
    others = {*readers(name, (*ENGINE, *SYSTEMS, *SECTIONS))} - {*setters()[name]}
    return bool(others) or len(setters()[name]) > 1


def row(name: str) -> str:
    """A line of the table: what it holds, and the files that set and read it."""
    by = setters()[name]
    inside = [file for file in readers(name, ENGINE) if file not in by]
    outside = [f"`systems/{file.name}`" for file in readers(name, SYSTEMS)]
    sections = sorted({f"{file.parent.name[:4]}" for file in readers(name, SECTIONS)})
    if len(outside) > MANY:
        outside = [f"{len(outside)} files of `systems/`"]
    read = [*(f"`{file.name}`" for file in inside), *outside, *sections]
    return f"| `{name}` | {MEANS.get(name, '')} | {', '.join(f'`{file.name}`' for file in by)} | {', '.join(read)} |\n"


def markdown() -> str:
    """The whole page."""
    shared = [name for name in setters() if is_shared(name)]
    steps = [name for name in shared if readers(name, (*SYSTEMS, *SECTIONS))]
    page = INTRODUCTION + HEAD + "".join(map(row, steps))
    page += BETWEEN + HEAD + "".join(row(name) for name in shared if name not in steps)
    page += OWN
    for file in ENGINE:
        names = [f"`{name}`" for name, by in setters().items() if by == (file,) and name not in shared]
        if names:
            page += f"| `{file.name}` | {', '.join(names)} |\n"
    return page
