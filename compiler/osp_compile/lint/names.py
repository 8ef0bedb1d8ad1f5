"""Words of ours that are called and that nobody has defined: found when a bundle is compiled, not when it fails."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

# our functions have an underscore in their names; so have these programs
PROGRAMS = frozenset({"crm_mon", "crm_node", "crm_resource", "crm_attribute"})
DEFINED = re.compile(r"^\s*([a-z][a-z0-9]*(?:_[a-z0-9]+)+)\(\) ", re.MULTILINE)
# where bash looks for a command; an assignment, a case's pattern and an array's entry have something else behind them
CALLED = re.compile(
    r"(?:^\s*|&&\s+|\|\|\s+|[^|]\|\s+|\bthen\s+|\bdo\s+|\belse\s+|\bif\s+|\bwhile\s+|!\s+|\s--\s+|\{\s+)"
    r"([a-z][a-z0-9]*(?:_[a-z0-9]+)+)(?=\s+[\"'$A-Za-z0-9-]|;|\s*$|\s+(?:&&|\|\||\||\}|>))"
    r"|[$<]\(([a-z][a-z0-9]*(?:_[a-z0-9]+)+)(?=[\s)])"
)
ARITHMETIC = re.compile(r"\(\(.*?\)\)")
HERE = re.compile(r"<<-?\s*['\"]?(\w+)['\"]?")


def undefined(texts: Mapping[str, str]) -> Iterator[tuple[str, int, str]]:
    """(file, line, name) of what is called in these shell files and defined in none of them."""
    known = PROGRAMS.union(*(DEFINED.findall(text) for text in texts.values()))
    for file, text in texts.items():
        for number, line in _code(text):
            for name in (first or second for first, second in CALLED.findall(line)):
                if name not in known:
                    yield file, number, name


def _code(text: str) -> Iterator[tuple[int, str]]:
    """The lines that bash reads as commands: no comment, nothing in single quotes, no here-document."""
    end, quoted, goes_on = "", False, False
    for number, line in enumerate(text.splitlines(), 1):
        if end:
            end = "" if line.strip() == end else end
            continue
        if not quoted and line.lstrip().startswith("#"):
            continue
        pieces = line.split("'")
        outside = pieces[1::2] if quoted else pieces[0::2]
        quoted = quoted != (len(pieces) % 2 == 0)
        code = "''".join(outside)
        here = HERE.search(code)
        end = here[1] if here and "<<<" not in code else ""
        # what a line goes on with is no command
        yield number, ("\\ " if goes_on else "") + ARITHMETIC.sub("", code)
        goes_on = code.endswith("\\")
