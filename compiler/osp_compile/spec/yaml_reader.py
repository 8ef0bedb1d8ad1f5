"""Reads a file into a tree with places: bytes, encoding, YAML; the schema is not known here."""

from __future__ import annotations

import codecs
import re
import stat
from pathlib import Path

from osp_compile.diagnostics import Diagnostic, Span, error, nearest, quoted
from osp_compile.spec.yaml_composer import Composer
from osp_compile.spec.yaml_tree import Place, Source

LARGEST = 16 * 1024 * 1024
LINE_BREAK = re.compile("\r\n|\n|\r")
# characters that YAML does not allow, other line breaks, and characters that change how a line is displayed
UNREADABLE = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u2028-\u202e\u2066-\u2069\ufeff]"
)
MARKS = ((codecs.BOM_UTF32_LE, "UTF-32"), (codecs.BOM_UTF32_BE, "UTF-32"), (codecs.BOM_UTF16_LE, "UTF-16"))
OTHER_MARKS = (*MARKS, (codecs.BOM_UTF16_BE, "UTF-16"), (codecs.BOM_UTF8, "a byte order mark"))
KINDS = {stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket", stat.S_IFCHR: "a device", stat.S_IFBLK: "a device"}
# the names of file descriptors that a process was started with
OPENED = re.compile(r"/dev/(stdin|fd/[0-9]+)|/proc/(self|thread-self|[0-9]+)/fd/[0-9]+")
SAVE_AS = "save the file as UTF-8 without a byte order mark"

Read = tuple[Source, tuple[Diagnostic, ...]]


def read(path: Path, one_line: bool = True, from_shell: bool = True) -> Read:
    """The file's tree; without a `root`, the diagnostics say why. Never raises for what a file may hold.

    `from_shell` takes what a shell has opened too: `/dev/stdin`, or `/dev/fd/63` for `<(command)`.
    """
    text = text_of(path, from_shell)
    if isinstance(text, Diagnostic):
        return Source(str(path)), (text,)
    source = Source(str(path), tuple(LINE_BREAK.split(text)))
    unreadable = _unreadable(source)
    if unreadable:
        return source, unreadable
    composer = Composer(source, one_line)
    root = composer.compose(text)
    source = Source(source.file, source.lines, root)
    if root is None and not composer.diagnostics:
        help = "describe the site; specs/examples/minimal.yaml is a beginning"
        return source, (error("empty-file", "the file is empty", source.whole(), help),)
    return source, tuple(composer.diagnostics)


def text_of(path: Path, from_shell: bool = True, marked: bool = False) -> str | Diagnostic:
    """The text of the file; a diagnostic if it cannot be read or is not UTF-8.

    `marked` takes a text that begins with UTF-8's byte order mark too, and leaves the mark out.
    """
    data = _bytes(path, from_shell)
    if isinstance(data, Diagnostic):
        return data
    return _decode(data.removeprefix(codecs.BOM_UTF8) if marked else data, str(path))


def _bytes(path: Path, from_shell: bool) -> bytes | Diagnostic:
    span = Span(str(path), 0, 0, 0)
    try:
        kind = KINDS.get(stat.S_IFMT(path.stat().st_mode))
        # reading a FIFO may block for ever, and opening a device may have an effect
        if kind is not None and not (from_shell and OPENED.fullmatch(str(path))):
            return error("not-a-file", f"this is {kind}, not a file", span, "name a regular file that holds the YAML")
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        return error("file-not-found", "there is no such file", span, _neighbour(path))
    except IsADirectoryError:
        return error("is-a-directory", "this is a directory", span, "name the YAML file in it")
    except PermissionError:
        return error("file-unreadable", "the file may not be read", span, "give yourself the right to read it")
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        return error("file-unreadable", f"the file cannot be read: {reason.lower()}", span)
    if len(data) > LARGEST:
        limit = f"a file may have {LARGEST // 1024 // 1024} MiB"
        return error("too-large", "the file is too large", span, limit)
    return data


def _neighbour(path: Path) -> str | None:
    """A help line with the file in the same folder that was likely meant."""
    try:
        names = {entry.stem: entry.name for entry in path.parent.iterdir() if entry.suffix in {".yaml", ".yml"}}
    except OSError:
        return "there is no such folder either"
    near = nearest(path.stem, names)
    return f"did you mean {quoted(names[near])}?" if near else None


def _decode(data: bytes, file: str) -> str | Diagnostic:
    for mark, name in OTHER_MARKS:
        if data.startswith(mark):
            return error("encoding", f"the file begins with {name}", Span(file, 0, 0, 0), SAVE_AS)
    if b"\0" in data:
        return error("encoding", "the file holds NUL bytes", Span(file, 0, 0, 0), SAVE_AS)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as problem:
        before = LINE_BREAK.split(data[: problem.start].decode("utf-8"))
        rest = LINE_BREAK.split(data[problem.start : problem.start + 200].decode("utf-8", "replace"))[0]
        span = Span(file, len(before), len(before[-1]) + 1, 1, before[-1] + rest)
        return error("encoding", f"the byte 0x{data[problem.start]:02x} is not UTF-8", span, SAVE_AS)


def _unreadable(source: Source) -> tuple[Diagnostic, ...]:
    """One diagnostic for each line with characters that a reviewer would not see."""
    found = []
    for number, line in enumerate(source.lines):
        if not line.isascii() or not line.isprintable():
            match = UNREADABLE.search(line)
            if match:
                message = f"the line holds the control character U+{ord(match.group()):04X}"
                place = Place(number, match.start(), 1)
                found.append(error("control-character", message, source.at(place), "remove it"))
    return tuple(found)
