"""The rules of a spec: how its values must fit together, which a schema cannot express."""

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
    """The diagnostics of every rule; no rule depends on another."""
    return tuple(diagnostic for rule in RULES for diagnostic in rule(view))
