"""The commands that take a bundle for a change ticket: verified, packed, explained and compared."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from osp_compile.diagnostics import render_text
from osp_compile.output import Report, show, show_shell, tell
from osp_compile.verbs import completion
from osp_compile.verbs.arguments import judge_diff, spec_path
from osp_compile.verbs.commands import Verb
from osp_compile.verbs.options import Format, format_option, path


@click.command(
    "verify",
    cls=Verb,
    examples=("osp-compile verify out/tokyo-1", "osp-compile verify tokyo-1-CHG0042137.tar.gz"),
    good="it is unmodified; a signature is good, or could not be checked",
    bad="it was modified, is not a bundle, or is badly signed",
)
@click.argument("bundle", metavar="DIR|ARCHIVE", callback=path, shell_complete=completion.files)
@click.option(
    "--keyring",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Keys of those who may sign, as `gpg --export` writes them.  [default: the user's keyring]",
)
@format_option
def verify_command(bundle: Path, keyring: Path | None, form: Format) -> int:
    """Check that a bundle is unmodified, and say its digest, site, change, compiler and signature.

    The bundle is a folder, or the archive that `osp-compile pack` has made of one, which is read and not unpacked.

    """
    from osp_compile.ticket.verdict import judge

    verdict = judge(bundle, keyring)
    Report(form).finish(verdict.diagnostics, verdict.data, verdict.lines)
    return 0 if verdict.ok else 1


@click.command(
    "pack",
    cls=Verb,
    examples=("osp-compile pack out/tokyo-1", "osp-compile pack out/tokyo-1 --sign approver@example.com"),
    good="packed",
    bad="it was modified, holds other files, or is badly signed",
)
@click.argument("bundle", metavar="BUNDLE", callback=path, shell_complete=completion.folders)
@click.option(
    "-o",
    "--output",
    callback=path,
    metavar="FILE",
    shell_complete=completion.files,
    help="The archive.  [default: SITE-CHANGE.tar.gz beside BUNDLE]",
)
@click.option(
    "--sign", "key", metavar="KEY", help="Sign with this key of yours first: SHA256SUMS.asc in BUNDLE, by gpg."
)
@format_option
def pack_command(bundle: Path, output: Path | None, key: str | None, form: Format) -> int:
    """Pack the folder BUNDLE into one file for the change ticket.

    The same bundle gives the same bytes on every machine; `tar xzf` unpacks it to a folder of the site's name.

    """
    from osp_compile.ticket.archive import pack

    done = pack(bundle, output, key)
    report = Report(form)
    if done.path is None:
        report.finish(done.diagnostics)
        return 1
    report.finish(
        done.diagnostics,
        {
            "archive": str(done.path),
            "sha256": done.sha256,
            "digest": done.digest,
            "signature": done.signature.data,
            "sections": list(done.sections),
        },
        (
            f"wrote {done.path}",
            f"sha256 {done.sha256}  (of the archive)",
            f"digest {done.digest}  (of the bundle: what is approved)",
            f"signature {done.signature.words}",
        ),
    )
    return 0


@click.command(
    "explain",
    cls=Verb,
    examples=(
        "osp-compile explain out/tokyo-1 2.09/5 --node overcloud-compute-0",
        "osp-compile explain tokyo-1-CHG0042137.tar.gz node_is_drained",
    ),
    good="it is shown",
    bad="no such step, function or node, or the bundle is modified",
)
@click.argument("bundle", metavar="BUNDLE|SITE.yaml|-", callback=spec_path, shell_complete=completion.files)
@click.argument("word", metavar="STEP|WORD", shell_complete=completion.steps)
@click.option(
    "--node",
    metavar="NAME",
    shell_complete=completion.nodes,
    help="Put this node in where the step's own functions have the node.",
)
@format_option
def explain_command(bundle: Path, word: str, node: str | None, form: Format) -> int:
    """Show all that a step runs, or one function: its text, where it is defined, and the comment on it.

    Of a step these are its own functions and every function of the library that they use, in the order in which a
    reader meets them, with the site's values put in. BUNDLE is a folder or an archive; a spec is compiled in memory,
    and `-` reads one from standard input.

    """
    from osp_compile.ticket.explain import as_data, explain, page

    found = explain(bundle, word, node)
    Report(form).finish(found.diagnostics, as_data(found))
    if found.functions and form == "text":
        show_shell(page(found))
    return 0 if found.functions else 1


@click.command(
    "diff",
    cls=Verb,
    examples=(
        "osp-compile diff out/tokyo-1 specs/examples/tokyo-1.yaml",
        "osp-compile diff approved.tar.gz out/tokyo-1 --format html > diff.html",
    ),
    good="they are the same",
    bad="they are different",
)
@click.argument("old", metavar="OLD", callback=spec_path, shell_complete=completion.files)
@click.argument("new", metavar="NEW", callback=spec_path, shell_complete=completion.files)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "html", "json"]),
    default="text",
    show_default=True,
    help="Text is short; markdown, HTML and JSON have every line of every command.",
)
@click.option("--language", type=click.Choice(["en", "ja"]), help="Language of the words, instead of NEW's.")
@click.pass_context
def diff_command(
    context: click.Context,
    /,
    old: Path,
    new: Path,
    form: Literal["text", "markdown", "html", "json"],
    language: Literal["en", "ja"] | None,
) -> int:
    """Tell in words what changed for the operator from OLD to NEW.

    Each is a bundle's folder, an archive of one (tar or tar.gz), or a spec, which is compiled in memory; `-` reads a
    spec from standard input.

    """
    judge_diff(context)
    from osp_compile.ticket.command import diff
    from osp_compile.ticket.reading import UnreadableError

    try:
        done = diff(old, new, form, language)
    except UnreadableError as problem:
        show(render_text(problem.diagnostics))
        raise
    if form == "json":
        Report(form).finish((), done.data)
    else:
        tell(done.text)
    return 0 if done.same else 1
