"""The signature of a bundle: SHA256SUMS.asc, made and checked by gpg. Only gpg's status lines are relied on.

It is kept next to SHA256SUMS and not listed there, so the bundle and its digest are the same with it and without.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from osp_compile.bundle.sums import SIGNATURE, SUMS
from osp_compile.diagnostics import Diagnostic, RefusedError, Span, error, quoted, visible, warning

State = Literal["none", "good", "bad", "expired", "not-detached", "unknown-key", "unchecked"]
PROGRAMS = ("gpg", "gpg2")
SAID = "[GNUPG:] "
# gpg's status words and their meaning; the first that occurs counts. VALIDSIG is given for an expired key too.
MEANS: dict[str, State] = {
    "PLAINTEXT": "not-detached", "NODATA": "not-detached", "BADSIG": "bad", "NO_PUBKEY": "unknown-key",
    "EXPSIG": "expired", "EXPKEYSIG": "expired", "REVKEYSIG": "expired",
}  # fmt: skip
LIMIT = 120  # seconds


@dataclass(frozen=True)
class Signature:
    """A signature; `fingerprint` is the primary key's, `by` that of the signing key, which may be a subkey."""

    state: State
    fingerprint: str | None = None
    by: str | None = None
    name: str | None = None

    @property
    def words(self) -> str:
        """The text for people: `good, by NAME, FINGERPRINT`."""
        if self.state == "good":
            return f"good, by {self.name}, {self.fingerprint}"
        return {"none": "none", "unknown-key": f"by a key that is not at hand ({self.by})"}.get(self.state, self.state)

    @property
    def data(self) -> dict[str, str | None]:
        """The data for JSON."""
        return {"state": self.state, "fingerprint": self.fingerprint, "by": self.by, "name": self.name}


NONE = Signature("none")


def check(sums: bytes, signature: bytes | None, keyring: Path | None = None) -> Signature:
    """Checks a signature of `sums` with the keys in the file `keyring`, or in the user's own keyring."""
    if signature is None:
        return NONE
    gpg = _gpg()
    if gpg is None:
        return Signature("unchecked")
    with tempfile.TemporaryDirectory(prefix="osp-compile-") as folder:
        (Path(folder) / SUMS).write_bytes(sums)
        (Path(folder) / SIGNATURE).write_bytes(signature)
        keys = _keys(gpg, keyring, Path(folder) / "home")
        done = _run([gpg, *keys, "--status-fd", "1", "--verify", SIGNATURE, SUMS], Path(folder))
    return judged(done.stdout.decode("utf-8", "replace").splitlines(), done.returncode)


def judged(lines: Iterable[str], status: int) -> Signature:
    """The signature that gpg's status lines and exit status describe."""
    said = [line.removeprefix(SAID).split(" ") for line in lines if line.startswith(SAID)]
    first = {words[0]: words[1:] for words in reversed(said)}
    valid = first.get("VALIDSIG", [])
    by, fingerprint = (valid[0], valid[-1]) if valid else (first.get("NO_PUBKEY", [None])[0], None)
    for word in (words[0] for words in said):
        if word in MEANS:
            return Signature(MEANS[word], fingerprint, by and visible(by))
    if status != 0 or "GOODSIG" not in first or len(valid) < 10:
        return Signature("bad")
    return Signature("good", visible(valid[-1]), visible(valid[0]), visible(" ".join(first["GOODSIG"][1:])))


def diagnostics(
    place: Path, found: Signature, signers: Iterable[str], keyring: Path | None = None
) -> Iterator[Diagnostic]:
    """Diagnostics of the signature of the bundle at `place`; if `signers` has any, one of them must have signed."""
    span = Span(str(place), 0, 0, 0)
    wanted = [*signers]
    match found.state:
        case "none":
            if wanted:
                help = "osp-compile pack BUNDLE --sign KEY; without it the scripts refuse to run"
                yield warning("not-signed", "not signed, and its spec requires a signature", span, help)
        case "good":
            if wanted and {found.fingerprint, found.by}.isdisjoint(wanted):
                message = f"signed by {found.fingerprint}, and its spec requires {' or '.join(wanted)}"
                yield error("wrong-signer", message, span, "have it signed by one of these")
        case "unknown-key":
            message = f"signed with the key {found.by}, which is not in {keyring or 'your keyring'}"
            tell = error if keyring else warning
            yield tell("unknown-signer", message, span, "get the signer's key, compare its fingerprint: --keyring FILE")
        case "unchecked":
            help = "is gpg installed? gpg --verify SHA256SUMS.asc SHA256SUMS says more"
            yield warning("unchecked-signature", "signed, but the signature could not be checked", span, help)
        case _:
            message = {
                "bad": "SHA256SUMS.asc is not a signature of this bundle",
                "expired": "the signature or its key has expired or was revoked",
                "not-detached": "SHA256SUMS.asc is not a detached signature",
            }[found.state]
            yield error("bad-signature", message, span, "have it signed again: osp-compile pack BUNDLE --sign KEY")


def sign(sums: bytes, key: str) -> bytes:
    """Signs `sums` with the user's secret key `key`: the armored signature. gpg's agent asks for the passphrase."""
    gpg = _gpg()
    if gpg is None:
        raise RefusedError("gpg is not installed, and --sign needs it: dnf install gnupg2, or apt-get install gnupg")
    with tempfile.TemporaryDirectory(prefix="osp-compile-") as folder:
        (Path(folder) / SUMS).write_bytes(sums)
        made = ["--armor", "--detach-sign", "--output", SIGNATURE, SUMS]
        done = _run([gpg, "--batch", "--local-user", key, *made], Path(folder), None)
        if done.returncode != 0:
            raise RefusedError(f"gpg has not signed with {quoted(key)}: {_last(done.stderr)}")
        return (Path(folder) / SIGNATURE).read_bytes()


def _gpg() -> str | None:
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


def _keys(gpg: str, keyring: Path | None, home: Path) -> list[str]:
    """The options with which gpg uses only the keys of `keyring`: an exported key, armored or not, or a keybox."""
    if keyring is None:
        return ["--batch", "--no-tty"]
    home.mkdir(mode=0o700)
    own = ["--batch", "--no-tty", "--no-options", "--homedir", str(home)]
    with keyring.open("rb") as file:
        is_keybox = file.read(12)[8:] == b"KBXf"
    if is_keybox:
        return [*own, "--no-default-keyring", "--keyring", str(keyring.absolute())]
    done = _run([gpg, *own, "--import", str(keyring.absolute())], home)
    if done.returncode != 0:
        raise RefusedError(f"{keyring} has no keys that gpg can read: {_last(done.stderr)}")
    return own


def _run(command: list[str], folder: Path, limit: int | None = LIMIT) -> subprocess.CompletedProcess[bytes]:
    surroundings = {**os.environ, "LC_ALL": "C"}
    try:
        return subprocess.run(
            command, cwd=folder, env=surroundings, stdin=subprocess.DEVNULL, capture_output=True, timeout=limit
        )
    except subprocess.TimeoutExpired as problem:
        raise RefusedError(f"gpg has not answered for {LIMIT} seconds") from problem


def _last(errors: bytes) -> str:
    """The last line of gpg's error output."""
    return visible(next(iter(errors.decode("utf-8", "replace").splitlines()[-1:]), "it does not say why"))
