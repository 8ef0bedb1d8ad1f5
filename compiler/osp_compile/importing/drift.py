"""Compares a spec with what a site has today, for the day before the change window."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from posixpath import normpath

from osp_compile.diagnostics import Diagnostic, has_errors, quoted, warning
from osp_compile.importing import plain_yaml, text, updating
from osp_compile.importing.command import Wish, import_site
from osp_compile.importing.draft import Draft
from osp_compile.importing.text import said
from osp_compile.spec import loading
from osp_compile.spec.model import Site

DRIFT = "drift"
Setting = tuple[str, object, object]  # the key of the spec, its value there, and what the site has
HELP = "bring the spec up to date (`osp-compile import --from FILE --update SITE.yaml`) or the site, and compile again"
# Diagnostics of an import about parts of a site that are not compared here.
OF_AN_IMPORT = frozenset({"no-change", "no-servers"})


def drift(spec: Path, collected: Path) -> tuple[Diagnostic, ...]:
    """One error for each difference between the spec and the collection (made by the script of `import --commands`)."""
    site, _ = loading.load(spec, frozenset())
    deployed = frozenset(node.name.lower() for node in site.nodes if node.deployed_server) if site else frozenset()
    found = import_site(Wish(collected=collected, deployed=deployed))
    if found.draft is None:
        return found.diagnostics
    old = text.read(spec)
    if isinstance(old, Diagnostic):
        return (old,)
    _, changes = updating.update(old, found.draft)
    if has_errors(changes):
        return tuple(changes)
    doubts = [one for one in found.diagnostics if one.code not in OF_AN_IMPORT]
    others = [] if site is None else [*_roles(found.draft, site, old), *_settings(found.draft, site, old)]
    return (*doubts, *_missing(found.draft, old), *map(_as_drift, (*filter(_differs, changes), *others)))


def _roles(draft: Draft, site: Site, old: text.Text) -> Iterator[Diagnostic]:
    """A diagnostic for each role whose nodes are something else by the site's roles file than by the spec."""
    spec = {node.role.name: node.role.capabilities for node in site.nodes}
    for name, words in draft.known.items():
        if name in spec and spec[name] != words:
            message = f"the role {quoted(name)} is {_listed(spec[name])}, and by the site's roles file {_listed(words)}"
            yield said(message, old.whole())


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in sorted(words)) or "none of the capabilities"


def _settings(draft: Draft, site: Site, old: text.Text) -> Iterator[Diagnostic]:
    """A diagnostic for each setting that the spec has in another way than the undercloud or the environment files."""
    data, _ = plain_yaml.load(old)
    stated = frozenset(data) if isinstance(data, dict) else frozenset()
    for key, before, now in (*_of_undercloud(draft, site), *_policies(draft, site, stated), *_services(draft, site)):
        if before != now:
            yield said(f"`{key}` is {_shown(before)}, and on the site {_shown(now)}", old.whole())


def _of_undercloud(draft: Draft, site: Site) -> Iterator[Setting]:
    yield "undercloud.user", site.undercloud.user, draft.undercloud.user
    yield "undercloud.home", site.undercloud.home, draft.undercloud.home


def _policies(draft: Draft, site: Site, stated: frozenset[str]) -> Iterator[Setting]:
    """Fencing and DPDK; a key that is not among those `stated` is left open, and nothing differs from that."""
    if "fencing" in stated and draft.fencing is not None:
        yield "fencing", site.fencing, True
    if "nfv" in stated and draft.nfv is not None:
        yield "nfv", site.nfv is not None, True
    if site.nfv is not None and draft.socket_dir is not None:
        yield "nfv.vhost_socket_dir", normpath(site.nfv.vhost_socket_dir), normpath(draft.socket_dir.value)


def _services(draft: Draft, site: Site) -> Iterator[Setting]:
    """MongoDB, cinder and HAProxy, where both the spec and the environment files say whether they run."""
    if site.mongodb != "auto" and draft.mongodb is not None:
        yield "mongodb", site.mongodb == "true", draft.mongodb.value
    stated = {"volumes": site.services.volumes, "haproxy": site.services.haproxy}
    for service in draft.absent:
        if stated[service] == "true":
            yield f"services.{service}", True, False


def _shown(value: object) -> str:
    return quoted(str(value).lower() if isinstance(value, bool) else str(value))


def _differs(change: Diagnostic) -> bool:
    return change.code == updating.UPDATED


def _as_drift(change: Diagnostic) -> Diagnostic:
    return replace(change, code=DRIFT, severity="error", help=HELP)


def _missing(draft: Draft, old: text.Text) -> Iterator[Diagnostic]:
    """A diagnostic for each part that the collection lacks and that therefore cannot be compared."""
    if not draft.nodes:
        yield warning(DRIFT, "the collection has no servers: the nodes were not compared", old.whole())
    if not draft.has_deploy:
        yield warning(
            DRIFT, "the collection has no deploy command: `env_files` and `deploy` were not compared", old.whole()
        )
