"""`source FILE`: walks through a file that lies beside the script, in the same shell."""

from __future__ import annotations

from collections.abc import Sequence

from osp_compile.diagnostics import Diagnostic, Span
from osp_compile.importing.bash import tree
from osp_compile.importing.bash.beside import Beside
from osp_compile.importing.bash.values import Item, Scope, Variable
from osp_compile.importing.bash.ways import Walker, going_on, join
from osp_compile.importing.bash.words import Word


def source(walk: Walker, scope: Scope, beside: Beside, words: Sequence[Word], span: Span) -> bool:
    """Whether the file was found and walked through; `words` are those after `source`."""
    text = beside.text(scope, words[0], span) if words else None
    parsed = None if text is None else tree.parse(text)
    if parsed is None or isinstance(parsed, Diagnostic):
        if parsed is not None:
            beside.told(parsed)
        return False
    own, given = scope.variables.get("BASH_SOURCE"), scope.given
    scope.variables["BASH_SOURCE"] = Variable((Item(words[0].text, words[0].item.problem),))
    if len(words) > 1:
        scope.given = tuple(word.item for word in words[1:])
    walk.ways.returns.append([])
    walk.within(scope, parsed)
    left = walk.ways.returns.pop()
    if left:
        join(scope, [*going_on(scope), *left], span.line)
    scope.given = given
    scope.variables.pop("BASH_SOURCE")
    if own is not None:
        scope.variables["BASH_SOURCE"] = own
    return True
