"""A Newton client's command line, parsed as its own argparse (Python 2.7) does, from the command's contract."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import Any

from osp_simulator.tools.openstack.arguments import Arguments, Option, UsageError, check_value, python2

INTEGERS = frozenset({"--limit", "--max-width", "--timeout", "--page-size", "--min", "--max", "--nested-depth"})
NARGS = {None: "A", "?": "A?", "*": "A*", "+": "A+"}


class Parser:
    """One command's parser. `parse` raises UsageError with the words of Python 2.7's argparse."""

    def __init__(self, contract: Mapping[str, Any]) -> None:
        self.options = tuple(
            Option(
                names=tuple(names.split(",")),
                takes_value=bool(entry["takes_value"]),
                nargs=entry.get("nargs"),
                repeatable=bool(entry.get("repeatable")),
                required=bool(entry.get("required")),
                choices=tuple(entry.get("choices") or ()),
                integer=names.split(",")[-1] in INTEGERS or names.split(",")[0] in INTEGERS,
            )
            for names, entry in contract.get("options", {}).items()
        )
        self.by_name = {name: option for option in self.options for name in option.names}
        self.positionals = tuple((item["name"], item.get("nargs")) for item in contract.get("positionals", ()))
        self.exclusive = tuple(tuple(group) for group in contract.get("exclusive", ()))
        self.one_of = tuple(tuple(group) for group in contract.get("required_groups", ()))

    def parse(self, argv: Sequence[str]) -> Arguments:
        return _Run(self, argv).finish()

    def find(self, word: str) -> Option | None:
        """The option that a word names, also abbreviated; None for a word that is not an option of this command."""
        if word in self.by_name:
            return self.by_name[word]
        if not word.startswith("--"):
            return None
        close = [name for name in self.by_name if name.startswith(word)]
        if len({self.by_name[name] for name in close}) > 1 or len(close) > 1:
            raise UsageError(f"ambiguous option: {word} could match {', '.join(close)}")
        return self.by_name[close[0]] if close else None


@dataclass(frozen=True)
class _Word:
    text: str
    kind: str  # A argument, O option, - the double dash
    option: Option | None = None
    attached: str | None = None


class _Run:
    """One parse: the words, what was seen, what was left over."""

    def __init__(self, parser: Parser, argv: Sequence[str]) -> None:
        self.parser = parser
        self.words = self._classify(argv)
        self.seen: list[str] = []
        self.extras: list[str] = []
        self.waiting = list(parser.positionals)
        self.arguments = Arguments()

    def _classify(self, argv: Sequence[str]) -> list[_Word]:
        words: list[_Word] = []
        for index, text in enumerate(argv):
            if text == "--":
                words.append(_Word(text, "-"))
                words.extend(_Word(rest, "A") for rest in argv[index + 1 :])
                break
            words.append(self._word(text))
        return words

    def _word(self, text: str) -> _Word:
        if not text.startswith("-") or text == "-":
            return _Word(text, "A")
        exact = self.parser.by_name.get(text)
        if exact is not None:
            return _Word(text, "O", exact)
        name, equals, attached = text.partition("=")
        option = self.parser.find(name)
        if option is not None:
            return _Word(text, "O", option, attached if equals else None)
        short = self.parser.by_name.get(text[:2]) if not text.startswith("--") else None
        if short is not None:
            return _Word(text, "O", short, text[2:])
        if re.match(r"^-\d+$|^-\d*\.\d+$", text) or " " in text:
            return _Word(text, "A")
        return _Word(text, "O")

    def finish(self) -> Arguments:
        at = 0
        while at < len(self.words):
            word = self.words[at]
            at = self._take_option(at) if word.kind == "O" else self._take_positionals(at)
        self._take_positionals(len(self.words))
        self._check()
        return self.arguments

    def _take_option(self, at: int) -> int:
        word = self.words[at]
        option = word.option
        if option is None:
            self.extras.append(word.text)
            return at + 1
        at += 1
        if not option.takes_value:
            return self._take_flag(option, word.attached, at)
        if word.attached is not None:
            self._store(option, [word.attached])
            return at
        given = self._arguments_from(at, 1 if option.nargs in (None, "?") else None)
        if not given and option.nargs != "?":
            wanted = "one argument" if option.nargs is None else "at least one argument"
            raise UsageError(f"argument {option.shown}: expected {wanted}")
        self._store(option, given)
        return at + len(given)

    def _arguments_from(self, at: int, most: int | None) -> list[str]:
        """The arguments in a row from this word on, `most` of them if it is a number."""
        following = takewhile(lambda word: word.kind == "A", self.words[at:])
        return [word.text for word in islice(following, most)]

    def _take_flag(self, option: Option, attached: str | None, at: int) -> int:
        self._store(option, None)
        while attached is not None:
            following = self.parser.by_name.get(f"-{attached[:1]}")
            if following is None or option.names[0].startswith("--"):
                raise UsageError(f"argument {option.shown}: ignored explicit argument {python2(attached)}")
            if following.takes_value:
                if attached[1:]:
                    self._store(following, [attached[1:]])
                    return at
                self.words[at - 1] = _Word(f"-{attached[:1]}", "O", following)
                return at - 1
            self._store(following, None)
            attached = attached[1:] or None
        return at

    def _store(self, option: Option, given: list[str] | None) -> None:
        self._refuse_rivals(option.names, option.shown)
        self.seen.append(option.key)
        values = self.arguments.values
        if given is None:
            values[option.key] = True
            return
        for value in given:
            check_value(option, value)
        if option.nargs == "+" or option.repeatable:
            values[option.key] = [*values.get(option.key, []), *given]
        else:
            values[option.key] = given[0] if given else True

    def _refuse_rivals(self, names: Sequence[str], shown: str) -> None:
        for group in self.parser.exclusive:
            if not set(names) & set(group):
                continue
            for rival in group:
                option = self.parser.by_name.get(rival)
                if rival not in names and (option.key if option else rival) in self.seen:
                    raise UsageError(f"argument {shown}: not allowed with argument {option.shown if option else rival}")

    def _take_positionals(self, at: int) -> int:
        end = at
        while end < len(self.words) and self.words[end].kind != "O":
            end += 1
        given = [word.text for word in self.words[at:end] if word.kind == "A"]
        self.extras.extend(self._fill_positionals(given))
        return end

    def _fill_positionals(self, given: list[str]) -> list[str]:
        """Give the words to as many of those that wait as there are enough for; what is left."""
        for count in range(len(self.waiting), 0, -1):
            pattern = "".join(f"({NARGS[nargs]})" for _, nargs in self.waiting[:count])
            match = re.match(pattern, "A" * len(given))
            if match is None:
                continue
            filled, self.waiting = self.waiting[:count], self.waiting[count:]
            used = 0
            for (name, nargs), part in zip(filled, match.groups(), strict=True):
                taken, used = given[used : used + len(part)], used + len(part)
                if taken:
                    self._refuse_rivals((name,), name)
                    self.seen.append(name)
                    self.arguments.values[name] = taken if nargs in ("*", "+") else taken[0]
            return given[used:]
        return given

    def _check(self) -> None:
        if self.waiting:
            raise UsageError("too few arguments")
        for option in self.parser.options:
            if option.required and option.key not in self.seen:
                raise UsageError(f"argument {option.shown} is required")
        for group in self.parser.one_of:
            if not set(group) & set(self.seen):
                raise UsageError(f"one of the arguments {' '.join(group)} is required")
        if self.extras:
            raise UsageError(f"unrecognized arguments: {' '.join(self.extras)}")
