"""Rules for ssh options: known ones, none that the runtime sets itself, and none that weakens host key checking."""

from __future__ import annotations

from collections.abc import Iterator

from osp_compile.diagnostics import Diagnostic, nearest, quoted
from osp_compile.spec.openssh import BY_FOLDED, KEYWORDS
from osp_compile.spec.rules.places import is_within
from osp_compile.spec.rules.view import View

TRUST = "`runbook trust` gathers and compares the nodes' keys once"
RUNS_COMMANDS = {
    "proxycommand",
    "localcommand",
    "permitlocalcommand",
    "include",
    "match",
    "host",
    "xauthlocation",
    "pkcs11provider",
}
OURS = {
    "batchmode": "the runtime decides when a question may be asked",
    "clearallforwardings": "the runtime forwards nothing",
    "controlmaster": "the runtime keeps one connection for each node",
    "controlpath": "the runtime keeps one connection for each node",
    "controlpersist": "the runtime keeps one connection for each node",
    "requesttty": "the runtime decides which command gets a terminal",
    "hostname": "addresses are set in `nodes` and in `backup.copy_to`",
    "user": "users are set in `ssh.user` and in `backup.copy_to`",
    "ignoreunknown": "every option must be known",
}


def options(view: View) -> Iterator[Diagnostic]:
    """Both lists are held to the same rules."""
    yield from _of_list(view, "ssh", "options")
    yield from _of_list(view, "backup", "copy_options")


def _of_list(view: View, *key: str) -> Iterator[Diagnostic]:
    first: dict[str, int] = {}
    for path, word in view.words(*key):
        keyword, value = word.split("=", 1)
        folded = keyword.lower()
        problem = _problem(folded, value.strip().strip('"'))
        if folded not in BY_FOLDED:
            near = nearest(keyword, KEYWORDS)
            help = f"did you mean `{near}`?" if near else "ssh_config(5) on the undercloud lists the options"
            yield view.error("unknown-ssh-option", f"ssh has no option {quoted(keyword)}", path, help)
        elif problem is not None:
            code, message, help = problem
            yield view.error(code, message.format(BY_FOLDED[folded]), path, help)
        elif folded in first and folded not in {"identityfile", "certificatefile", "sendenv"}:
            help = f"ssh takes the first, on line {first[folded]}; keep one of the two"
            yield view.warning("duplicate-ssh-option", f"`{BY_FOLDED[folded]}` is given twice", path, help)
        first.setdefault(folded, view.source.value(path).line)


def _problem(folded: str, value: str) -> tuple[str, str, str] | None:
    """Code, message and help for an option that is refused whatever the site is."""
    if _weakens(folded, value.lower()):
        return "host-key-checking", "`{}` would let ssh accept a host key that nobody compared", f"remove it; {TRUST}"
    if folded in RUNS_COMMANDS:
        help = "name a jump host with `ProxyJump=host`" if folded == "proxycommand" else "remove it"
        return "ssh-option-refused", "`{}` would run commands or read settings that no reviewer sees", help
    if folded in OURS:
        return "ssh-option-refused", "`{}` is set by the scripts", f"remove it; {OURS[folded]}"
    return None


def _weakens(folded: str, value: str) -> bool:
    if folded == "stricthostkeychecking":
        return value not in {"yes", "true"}
    if folded in {"userknownhostsfile", "globalknownhostsfile"}:
        return any(not _keeps_keys(name) for name in value.replace('"', " ").split())
    if folded in {"nohostauthenticationforlocalhost", "verifyhostkeydns", "updatehostkeys"}:
        return value not in {"no", "false"}
    return folded == "hostkeyalias"


def _keeps_keys(name: str) -> bool:
    """Whether `name` can be a file that keeps host keys: neither `none` nor a device, however it is spelled."""
    return name != "none" and not any(is_within(name, folder) for folder in ("/dev", "/proc"))


RULES = (options,)
