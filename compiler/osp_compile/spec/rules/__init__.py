"""What no schema can say: how the values of a spec fit together."""

from __future__ import annotations

from osp_compile.diagnostics import Diagnostic
from osp_compile.spec.rules import alone, arguments, environments, nodes, places, policy, post_install, ssh
from osp_compile.spec.rules.view import View

__all__ = ["RULES", "View", "check"]

RULES = (
    *nodes.RULES,
    *ssh.RULES,
    *places.RULES,
    *environments.RULES,
    *post_install.RULES,
    *arguments.RULES,
    *policy.RULES,
    *alone.RULES,
)


def check(view: View) -> tuple[Diagnostic, ...]:
    """Every rule's diagnostics, each rule for itself."""
    return tuple(diagnostic for rule in RULES for diagnostic in rule(view))
