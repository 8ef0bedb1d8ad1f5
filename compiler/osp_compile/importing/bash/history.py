"""Turns lines of a shell's history, or of a copied terminal, into the script that they are.

The number, time or prompt before a command is replaced by blanks, so that columns stay the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from osp_compile.importing.text import Text
from osp_compile.text_width import display_width

# the forms of HISTTIMEFORMAT that people use: `%F %T`, `%d/%m/%y %T`, `%c`, with brackets or a bar
DATE = (
    r"\d{4}-\d\d-\d\d|\d\d[/.]\d\d[/.]\d\d(?:\d\d)?"
    r"|[A-Z][a-z]{2},? (?:[A-Z][a-z]{2} +\d{1,2}|\d\d [A-Z][a-z]{2} \d{4})"
)
TIME = r"\d\d:\d\d(?::\d\d)?(?: [AP]M)?(?: [A-Z]{2,5}(?=[\])>]?\s)| [+-]\d{4}| \d{4}(?=[\])>]?\s))?"
NUMBER = re.compile(rf"^\s*(?P<number>\d{{1,9}})\*?\s+(?:[\[(<]?(?:{DATE})[ T_]+{TIME}[\])>]?\s+(?:[|:-]\s+)?)?(?=\S)")
PROMPT = re.compile(
    r"^\s*(?:\([^)]{1,40}\) ?)*\[(?:\d\d:\d\d(?::\d\d)? )?\w[\w.-]*@[\w.-]+ (?P<folder>[^]]*)\][$#] ?"
    r"|^\s*\w[\w.-]*@[\w.-]+:(?P<at>\S*)[$#] "
)
# `$ ` before what is typed, or `+ ` before what `bash -x` has run: only where the first line begins so
SHORT = re.compile(r"^\s*(?:\([^)]{1,40}\) ?)?(?:\$|\++) (?=\S)(?P<folder>)(?P<at>)")
MORE = re.compile(r"^\s*> ?")
# every line of a text that a mail quotes
QUOTED = re.compile(r"^(?:> ?)+")
# a file as `cat -n` or an editor shows it: every line has its number, and a line may be empty
NUMBERED = re.compile(r"^\s*(?P<number>\d{1,6})(?:\t| |$)")
# commands after a prompt whose lines are commands themselves, and those whose lines are a script
LISTS = re.compile(r"\s*(?:history|fc -l)\b")
SHOWS = re.compile(r"\s*(?:sudo )?(?:cat|less|more)(?: -\w+)* [^\s|;&<>]+\s*")
# how the client's own lines begin, and those of programs that it is given with
SAYS = re.compile(
    r"\s*(?:[A-Z][a-z]+ (?:[a-z]|[A-Z][a-z]+ )|WARNING|ERROR|usage:|\d{4}-\d\d|Traceback|/usr/lib|[{\[(|+])"
)
NARROWEST = 40  # columns of a terminal
ENDS = "the line ends with `\\`, and what follows is not here"
WRAPPED = "the line is as wide as the terminal was, and the next one may be more of it"


@dataclass(frozen=True)
class Part:
    """Lines of a file that are one script, from the line `first` on; `folder` is set if the prompt shows it.

    `lost` says why the last of these lines may not be the whole of a command, if anything does.
    """

    text: str
    first: int
    folder: str | None = None
    lost: str | None = None

    @property
    def last(self) -> int:
        return self.first + self.text.count("\n")


def parts(text: Text) -> list[Part]:
    """The parts of the file, each to be read as a script of its own; an ordinary script is one part."""
    written = [line for line in text.lines if line.strip()]
    if any(map(PROMPT.match, text.lines)):
        return _terminal(text.lines, PROMPT)
    if SHORT.match((written or [""])[0]):
        return _terminal(text.lines, SHORT)
    before = _before_each(text.lines, written)
    if before is not None:
        return [Part("\n".join(before.sub(_blank, line) for line in text.lines), 1)]
    if _is_numbered(written):
        return _history(text.lines, NUMBER)
    if text.file.endswith("history"):
        return _history(text.lines, re.compile(""))
    return [Part(text.all, 1)]


def _is_numbered(lines: Sequence[str]) -> bool:
    """Whether the first line and most of them begin as `history` prints them."""
    begins = [bool(NUMBER.match(line)) for line in lines]
    return any(begins[:1]) and sum(begins) * 2 > len(lines)


def _before_each(lines: Sequence[str], written: Sequence[str]) -> re.Pattern[str] | None:
    """What is before each line of a script that a mail quotes, or that is shown with numbers; None for any other."""
    if all(map(QUOTED.match, written)):
        return QUOTED
    return NUMBERED if _is_listing(lines) else None


def _is_listing(lines: Sequence[str]) -> bool:
    """Whether the lines are those of a script, counted from 1 as `cat -n` or an editor does it."""
    begins = [*map(NUMBERED.match, lines)]
    if [one and one["number"] for one in begins] != [*map(str, range(1, len(lines) + 1))]:
        return False
    # a history may begin at 1 too, but not so
    return "\t" in (begins[0] or "")[0] or NUMBERED.sub("", lines[0]).startswith("#!")


def _blank(found: re.Match[str]) -> str:
    """As many blanks as what was found is long, so that columns stay the same."""
    return " " * len(found[0])


def _history(lines: Sequence[str], start: re.Pattern[str], first: int = 1) -> list[Part]:
    """The commands of a history whose lines begin at the line `first` of the file.

    A history that was read from a file has each line of a command under a number of its own.
    """
    found: list[Part] = []
    before = 0
    for number, line in enumerate(lines, first):
        begins = start.match(line)
        own = int(begins.groupdict().get("number", 0)) if begins else 0
        blank = " " * begins.end() + line[begins.end() :] if begins else line
        if begins and not (found and found[-1].text.endswith("\\")):
            found.append(Part(blank, number))
        elif found:
            found[-1] = replace(found[-1], text=f"{found[-1].text}\n{blank if own == before + 1 else line}")
        before = own or before
    return [*map(_ended, found)]


def _ended(part: Part) -> Part:
    """The part; a command that was typed does not end with `\\`."""
    return replace(part, lost=ENDS) if part.text.endswith("\\") else part


def _terminal(lines: Sequence[str], start: re.Pattern[str]) -> list[Part]:
    """Commands after prompts, with their `> ` lines.

    What the commands printed is left out, unless it is a history or a file: then it is commands itself.
    """
    found: list[Part] = []
    printed: list[list[str]] = []
    for number, line in enumerate(lines, 1):
        prompt = start.match(line)
        if prompt:
            found.append(_typed(prompt, number))
            printed.append([])
        elif found and found[-1].text.endswith("\\"):
            more = MORE.match(line)
            begun = more.end() if more else 0
            found[-1] = replace(found[-1], text=f"{found[-1].text}\n{' ' * begun}{line[begun:]}")
        elif found:
            printed[-1].append(line)
    widest = max(map(display_width, lines), default=0)
    return [one for part, more in zip(found, printed, strict=True) for one in _with_printed(part, more, lines, widest)]


def _typed(prompt: re.Match[str], number: int) -> Part:
    """The line `number` without its prompt."""
    shown = prompt["folder"] or prompt["at"] or ""
    folder = shown if shown.startswith(("/", "~")) else None
    return Part(" " * prompt.end() + prompt.string[prompt.end() :], number, folder)


def _with_printed(part: Part, printed: Sequence[str], lines: Sequence[str], widest: int) -> list[Part]:
    """The command that was typed, and the commands that its lines are, if it shows a history or a file."""
    if LISTS.match(part.text):
        return [part, *_history(printed, NUMBER, part.last + 1)]
    if SHOWS.fullmatch(part.text):
        return [part, Part("\n".join(printed), part.last + 1)]
    if display_width(lines[part.last - 1]) == widest >= NARROWEST and _may_be_more(printed):
        return [replace(part, lost=WRAPPED)]
    return [_ended(part)]


def _may_be_more(printed: Sequence[str]) -> bool:
    """Whether the first line after a command may be the rest of it: nothing says that a program has printed it."""
    return bool(printed and printed[0].strip()) and not SAYS.match(printed[0])
