"""Shell as HTML, coloured by Pygments; each function of the library is a link to its definition."""

from __future__ import annotations

import re
from collections.abc import Container
from functools import cache, lru_cache

from markupsafe import Markup
from pygments import lex
from pygments.lexers.shell import BashLexer
from pygments.token import STANDARD_TYPES, Token, _TokenType, is_token_subtype

from osp_compile.bundle.page.environment import between_tags

NODE = "<node>"
WORD = re.compile(r"[a-z_][a-z0-9_]*")
# The word before, on the same line; a plain English word after another is an argument, as in `server stop`.
BEFORE = re.compile(r"(?<!\S)([A-Za-z][\w.-]*)[ \t]+$")
# The tokens that are coloured; all others are plain.
COLOURED = (Token.Comment, Token.Keyword, Token.Literal.String, Token.Name.Variable, Token.Name.Builtin)


@lru_cache(maxsize=4096)
def tokens(text: str) -> tuple[tuple[str, str], ...]:
    """(class, text) of the pieces of a shell text; the class is empty where it is plain."""
    pieces: list[tuple[str, str]] = []
    for kind, value in lex(text.replace(NODE, _stand_in(text)), BashLexer(stripnl=False)):
        name = _class(kind)
        if pieces and pieces[-1][0] == name:
            pieces[-1] = (name, pieces[-1][1] + value)
        else:
            pieces.append((name, value))
    return tuple(pieces)


@cache
def _class(kind: _TokenType) -> str:
    return next((STANDARD_TYPES[wide] for wide in COLOURED if is_token_subtype(kind, wide)), "")


def _stand_in(text: str) -> str:
    """A word for the node that the text does not have itself: Pygments would take the brackets for redirections."""
    word = "NODE_IN_PLAY"
    while word in text:
        word += "_"
    return word


def shell(text: str, known: Container[str]) -> Markup:
    """The text as HTML; a word that is `known` links to #w-NAME."""
    out: list[str] = []
    for name, value in tokens(text):
        html = str(between_tags(value))
        html = html if name else WORD.sub(lambda found: _link(found, known), html)
        out.append(f"<i class={name}>{html}</i>" if name else html)
    return Markup("".join(out).replace(_stand_in(text), "<b>&lt;node></b>").rstrip("\n"))  # noqa: S704 - escaped


def _link(found: re.Match[str], known: Container[str]) -> str:
    word = found[0]
    if word not in known or ("_" not in word and _is_argument(found, known)):
        return word
    return f"<a href=#w-{word}>{word}</a>"


def _is_argument(found: re.Match[str], known: Container[str]) -> bool:
    """Whether the word follows one that is not a function of the library, and so calls nothing."""
    before = BEFORE.search(found.string, 0, found.start())
    return before is not None and before[1] not in known
