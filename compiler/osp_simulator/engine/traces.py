"""The commands that a shell of a run executes, from its own trace (`set -x`), which is written where the run cannot see
it.

A shell that root is sent by `bash -s` is traced as a whole; the script itself only within the steps that it applies.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from osp_simulator.engine.lifecycle import real_programs
from osp_simulator.engine.registry import facts_of, is_tool
from osp_simulator.fast.reach import reach
from osp_simulator.hosts import sandbox

DESCRIPTOR = 97  # the descriptor of the script's trace: the runtime uses those up to 9, bash allocates from 10 on
NUMBER = "OSP_SIM_TRACE"
LIMIT = 1 << 20  # the most bytes kept of a session's trace
# A trace has no redirections. Before a command whose text has one, a line of this form is written to the trace: its
# text, then each redirection with the path that it leads to.
WRITES = "osp-sim-writes"
ASKED = ("[[ osp-sim:", "osp_sim_text=", "set +xeT")  # how lines of the trace begin that only look for redirections
# bash reads these first (BASH_ENV); they leave nothing behind for the programs that it starts. A path with a command in
# it is left out, for the command would run twice.
OF_A_SHELL = f"""\
unset BASH_ENV
BASH_XTRACEFD=${NUMBER}
unset {NUMBER}
PS4='+ '
set -T
trap '[[ osp-sim:$BASH_COMMAND != *"> "* ]] || {{ osp_sim_text=$BASH_COMMAND; (
  set +xeT
  trap - DEBUG EXIT ERR
  rest=$osp_sim_text
  paths=()
  while [[ $rest =~ (^|[[:space:]])[0-9]*(>>?)[[:space:]]((\\"[^\\"]*\\"|[^[:space:]\\"])+)(.*)$ ]]; do
    rest=${{BASH_REMATCH[5]}} way=${{BASH_REMATCH[2]}} path=${{BASH_REMATCH[3]}}
    if [[ $path == *[\\(\\`]* ]]; then continue; fi
    eval "path=$path"
    if [[ $path == /* ]]; then paths+=("$way $path"); fi
  done
  if ((${{#paths[@]}} > 0)); then
    printf "+ {WRITES}%s\\n" "$(printf " %q" "$osp_sim_text" "${{paths[@]}}")" >&"$BASH_XTRACEFD"
  fi
) 2>/dev/null || :; }}' DEBUG
set -x
"""
# Once the library is loaded and the script's next command is due, the body of each step is traced. (The text that runs
# is read by `.`, which a trap follows with -T alone.)
OF_A_SCRIPT = f"""\
unset BASH_ENV
set -T
trap 'if declare -F under_errexit >/dev/null; then
  trap - DEBUG
  set +T
  eval "untraced_$(declare -f under_errexit)"
  under_errexit() {{ untraced_under_errexit; BASH_XTRACEFD={DESCRIPTOR} PS4="+ "; set -x; }}
fi' DEBUG
"""
# Real programs that write to no file themselves. All others are assumed to change something.
READERS = frozenset(
    "[ arch awk base64 basename bzcat cat cksum clear cmp column comm cut diff diff3 dir dircolors dirname du"
    " echo egrep expand expr factor false fgrep file fmt fold gawk getent getopt grep groups head hexdump hostid id"
    " iconv join kill less logname look ls lscpu md5sum mktemp more namei nl nproc numfmt od paste pathchk pgrep"
    " pidof pinky pr printenv printf ps pstree ptx pwd readlink realpath rev seq sha1sum sha224sum sha256sum sha384sum"
    " sha512sum shuf sort stat stty sum sync tac tail test top tr true tsort tty unexpand uniq users vdir watch"
    " wc which whoami xmllint xzcat yes zcat zgrep".split()
)
# Programs that do either, with the words by which they only read.
READING = re.compile(r"(tar .*(--list|--to-stdout|-t[a-z]*f)\b|sed (?!.*(-i|--in-place))|find (?!.*-(delete|exec|ok)))")
REDIRECTIONS = re.compile(r"( \d*>>? (\"[^\"]*\"|/\S+))+$")
WRAPPING = re.compile(r"(?:timeout(?: -\S+)* [\d.]+[smhd]? |nice (?:-\S+ )*|xargs (?:-\S+ )*|env (?:\w+=\S* )*|\+)+")
PASSING_ON = frozenset(("bash", "flock", "sh"))
COPYING = frozenset(("cp", "install", "ln"))
# Paths of the run itself: scratch, its state and its sockets.
SECRET = re.compile("passw|secret|token", re.IGNORECASE)
OWN = re.compile(r"/(?:tmp|run|dev)(?:/|$)|/home/[^/]+/osp-runbook(?:/|$)")


def lay_out(world: Path, host: str, user: str, name: str, text: str) -> str:
    """Writes a file for BASH_ENV; its path in a sandbox of this user on this host."""
    place = sandbox.identity(world, host, user) / name
    if not place.exists():
        sandbox.put_whole(place, text)
    return f"/run/osp-sim/{name}"


def changing(line: str, host: str, cwd: str = "/") -> bool:
    """Whether the program of a traced line can change something in the site, by its name and arguments."""
    words = unwrapped(line)
    if not words:
        return False
    if is_tool(words[0]):
        return reach(words[0], words[1:], host) is not None
    if words[0] not in real_programs() or words[0] in READERS or READING.match(" ".join(words)):
        return False
    return words[0] not in PASSING_ON and not is_own(words, cwd)


@lru_cache(1024)
def may_change(name: str) -> bool:
    """Whether a program of this name is real and not only a reader, or runs another program."""
    if is_tool(name):
        return facts_of(name).passes_on == "command"
    return name in real_programs() and name not in READERS


def is_own(words: Sequence[str], cwd: str) -> bool:
    """Whether a command can write only to the run's own paths."""
    places = [word.removeprefix("of=") for word in words[1:] if word.startswith(("/", "of=/"))]
    if words[0] in COPYING:  # their sources are not changed
        places = places[-1:]
    return all(map(OWN.match, places or [cwd]))


def is_simulated(line: str) -> bool:
    """Whether a traced line calls a simulated tool, whose effects the world itself records."""
    return is_tool("".join(unwrapped(line)[:1]))


def unwrapped(line: str) -> list[str]:
    """The words of a traced line, without the programs that only limit or run the command, and its redirections."""
    return words_of(REDIRECTIONS.sub("", WRAPPING.sub("", line, count=1)))


def words_of(line: str) -> list[str]:
    """The words of a line of bash's trace; empty if it does not show a command."""
    try:
        return shlex.split(line.replace("$'", "'"))
    except ValueError:
        return []


def commands_of(text: str) -> list[tuple[str, list[str]]]:
    """(command, its redirections into files of the site, as `> /path`) of a trace, in order.

    Of one whose text names a secret the text is shown, and not the words that it had.
    """
    found: list[tuple[str, list[str]]] = []
    pending: list[list[str]] = []
    for line in lines_of(text):
        if line.startswith(f"{WRITES} "):
            pending.append(words_of(line)[1:])
        # (the shell that is sent functions does nothing by itself)
        elif not line.startswith(ASKED) and not line.endswith(" bash -s"):
            redirected = next((one for one in pending if _is_of(one[0], line)), None)
            if redirected is not None:
                pending.remove(redirected)
            found.append(_redirected(line, redirected) if redirected else (line, []))
    return found


def _redirected(line: str, redirected: list[str]) -> tuple[str, list[str]]:
    """The command of a line with its redirections, of which the trace has its text and where each leads to."""
    source, *writes = redirected
    ways = [(way, path) for way, _, path in (one.partition(" ") for one in writes)]
    shown = REDIRECTIONS.sub("", source) if SECRET.search(source) else line
    return shown, [f"{way} {shlex.quote(path)}" for way, path in ways if not OWN.match(path)]


def _is_of(source: str, line: str) -> bool:
    """Whether a line of the trace shows the command with this text, by its first word."""
    first = re.sub(r"^(\w+=\S* )*", "", source).partition(" ")[0]
    return "$" in first or line.partition(" ")[0] == first


def lines_of(text: str) -> list[str]:
    """The lines of a trace, in order; a word that spans several lines is kept whole."""
    found: list[str] = []
    for line in text.split("\n"):
        if line.startswith("+") and (rest := line.lstrip("+")).startswith(" "):
            found.append(rest[1:])
        elif found and line:
            found[-1] += f"\n{line}"
    return found


def reads_functions(argv: Sequence[str]) -> bool:
    """Whether it is root's shell that is sent functions, or the one around it that ends it with a signal."""
    return [*argv[-2:]] == ["bash", "-s"] or any("bash -s <&0" in word for word in argv)


class Session:
    """A command that runs on a host for a call: its user, the files that it changed, and what its shell has run."""

    def __init__(self, world: Path, host: str, user: str, argv: Iterable[str]) -> None:
        self.host, self.user, self.argv = host, user, [*argv]
        self.files: list[tuple[str, str]] = []
        self._text = b""
        self.descriptors: tuple[int, ...] = ()
        self.variables: Mapping[str, str] = {}
        if reads_functions(self.argv):
            number = os.memfd_create("trace")
            self.descriptors = (number,)
            hook = lay_out(world, host, user, "trace", OF_A_SHELL)
            self.variables = {"BASH_ENV": hook, NUMBER: str(number)}

    def ended(self, files: Iterable[tuple[str, str]]) -> None:
        """Ends the session; `files` are (what happened to the file, path)."""
        self.files = [*files]
        for number in self.descriptors:
            with suppress(OSError):
                self._text = os.pread(number, LIMIT, 0)
            os.close(number)
        self.descriptors = ()

    @property
    def commands(self) -> list[tuple[str, list[str]]]:
        """The commands that its shell has run, in order, each with its redirections into files; read only on demand,
        since most sessions are never asked.
        """
        return commands_of(self._text.decode("utf-8", "replace"))


class Script:
    """The trace of the script itself, read as it grows."""

    def __init__(self, world: Path, user: str) -> None:
        lay_out(world, "undercloud", user, "trace-steps", OF_A_SCRIPT)
        self._file = os.open(place_of(world), os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._read = 0
        self._rest = b""

    def news(self) -> list[str]:
        """The commands since the last call of this method."""
        data = os.pread(self._file, LIMIT * 16, self._read)
        self._read += len(data)
        whole, _, self._rest = (self._rest + data).rpartition(b"\n")
        return lines_of(whole.decode("utf-8", "replace"))


def place_of(world: Path) -> Path:
    """The path of the script's trace."""
    return world / "run" / "trace"


def enter(world: Path) -> list[str]:
    """The words that make `run` trace a script; the descriptor for the trace is opened in this process."""
    number = os.open(place_of(world), os.O_WRONLY | os.O_APPEND)
    os.dup2(number, DESCRIPTOR, inheritable=True)
    os.close(number)
    return ["--env", "BASH_ENV=/run/osp-sim/trace-steps"]


def opened(world: Path) -> list[int]:
    """The descriptor that `enter` has opened in this process; none where it has not."""
    try:
        is_ours = os.path.samestat(os.fstat(DESCRIPTOR), os.stat(place_of(world)))
    except OSError:
        return []
    return [DESCRIPTOR] if is_ours else []
