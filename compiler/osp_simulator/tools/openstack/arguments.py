"""What a Newton client was given on its command line, and how the clients' Python 2.7 words it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

# Looked at where the answer is printed in one way, and without a meaning in the others.
OF_ONE_FORMAT = frozenset("--max-width --noindent --prefix --print-empty --quote --variable".split())


class UsageError(Exception):
    """argparse's own words, without usage; the client exits 2."""


@dataclass(frozen=True)
class Option:
    names: tuple[str, ...]
    takes_value: bool
    nargs: str | None = None
    repeatable: bool = False
    required: bool = False
    choices: tuple[str, ...] = ()
    integer: bool = False

    @property
    def key(self) -> str:
        """The long name, under which its value is found."""
        return next((name for name in self.names if name.startswith("--")), self.names[0])

    @property
    def shown(self) -> str:
        return "/".join(self.names)


@dataclass
class Arguments:
    """What was given: options by their long name, positionals by their name in the contract; `asked` was looked at."""

    values: dict[str, Any] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)

    def flag(self, name: str) -> bool:
        self.asked.add(name)
        return name in self.values

    def value(self, name: str) -> str | None:
        self.asked.add(name)
        found = self.values.get(name)
        return found if isinstance(found, str) else None

    def text(self, name: str, default: str = "") -> str:
        found = self.value(name)
        return default if found is None else found

    def every(self, name: str) -> list[str]:
        self.asked.add(name)
        found = self.values.get(name)
        if found is None:
            return []
        return [str(item) for item in found] if isinstance(found, list) else [str(found)]

    def check_obeyed(self) -> None:
        """Refuse, at the end of a command, what was given and not looked at: a real client would have obeyed it."""
        left = self.values.keys() - self.asked - OF_ONE_FORMAT
        if left:
            raise UsageError(f"the simulator does not play {', '.join(sorted(left))}")


def check_value(option: Option, value: str) -> None:
    """Refuse a value that is not one of the option's choices, or no number where one is wanted."""
    if option.choices and value not in option.choices:
        listed = ", ".join(f"'{choice}'" for choice in option.choices)
        raise UsageError(f"argument {option.shown}: invalid choice: {python2(value)} (choose from {listed})")
    if option.integer and not re.fullmatch(r"\s*[+-]?\d+\s*", value):
        raise UsageError(f"argument {option.shown}: invalid int value: {python2(value)}")


def python2(value: Any) -> str:
    """repr() as Python 2 prints it for decoded text: u'...'; lists and dicts of text likewise."""
    if isinstance(value, str):
        return "u" + repr(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(python2(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{python2(key)}: {python2(item)}" for key, item in value.items()) + "}"
    return repr(value)
