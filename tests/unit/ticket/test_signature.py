"""Who signed a bundle: gpg's status lines are believed, its prose is not, and the spec names whose key it must be."""

from __future__ import annotations

import hashlib
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from osp_compile.bundle import on_disk
from osp_compile.diagnostics import RefusedError, has_errors
from osp_compile.pipeline import compile_site
from osp_compile.ticket import signature
from osp_compile.ticket.archive import pack
from osp_compile.ticket.signature import Signature, judged
from osp_compile.ticket.verdict import Verdict, judge
from unit.machine import needs_programs
from unit.ticket.bundles import changed, small
from unit.ticket.keys import Keys, made
from unit.waiting import LIMIT

KEY, OTHER, SUBKEY = "A" * 40, "B" * 40, "C" * 40
GOOD = "[GNUPG:] GOODSIG AAAAAAAAAAAAAAAA Ada <ada@example.com>"
VALID = f"[GNUPG:] VALIDSIG {SUBKEY} 2018-11-22 1542916800 0 4 0 22 8 00 {KEY}"


@pytest.fixture(scope="module")
def keys() -> Iterator[Keys]:
    with made() as found:
        yield found


def test_a_good_signature_is_its_owner_s() -> None:
    found = judged(["gpg: prose", "[GNUPG:] NEWSIG", GOOD, VALID], 0)
    assert found == Signature("good", KEY, SUBKEY, "Ada <ada@example.com>")
    assert found.words == f"good, by Ada <ada@example.com>, {KEY}"


@pytest.mark.parametrize(
    ("lines", "status", "state"),
    [
        (["[GNUPG:] BADSIG AAAAAAAAAAAAAAAA Ada"], 1, "bad"),
        (["[GNUPG:] ERRSIG AAAAAAAAAAAAAAAA 22 8 00 1 9", "[GNUPG:] NO_PUBKEY AAAAAAAAAAAAAAAA"], 2, "unknown-key"),
        (["[GNUPG:] EXPKEYSIG AAAAAAAAAAAAAAAA Ada", VALID], 0, "expired"),
        (["[GNUPG:] REVKEYSIG AAAAAAAAAAAAAAAA Ada", VALID], 0, "expired"),
        (["[GNUPG:] EXPSIG AAAAAAAAAAAAAAAA Ada", VALID], 0, "expired"),
        (["[GNUPG:] PLAINTEXT 62 0 x", GOOD, VALID], 0, "not-detached"),
        (["[GNUPG:] NODATA 4"], 2, "not-detached"),
        ([GOOD, VALID], 2, "bad"),
        ([VALID], 0, "bad"),
        ([GOOD], 0, "bad"),
        ([GOOD.removeprefix("[GNUPG:] "), VALID], 0, "bad"),
        ([GOOD, VALID, "[GNUPG:] NEWSIG", "[GNUPG:] BADSIG BBBBBBBBBBBBBBBB Eve"], 0, "bad"),
        ([], 0, "bad"),
    ],
)
def test_nothing_else_is_good(lines: list[str], status: int, state: str) -> None:
    assert judged(lines, status).state == state


def test_a_name_that_drives_a_terminal() -> None:
    assert "\x1b" not in judged(["[GNUPG:] GOODSIG A \x1b[2JAda", VALID], 0).words


@pytest.mark.parametrize(
    ("found", "signers", "codes"),
    [
        (Signature("none"), (), []),
        (Signature("none"), (KEY,), ["not-signed"]),
        (Signature("good", KEY, SUBKEY, "Ada"), (), []),
        (Signature("good", KEY, SUBKEY, "Ada"), (OTHER, KEY), []),
        (Signature("good", KEY, SUBKEY, "Ada"), (SUBKEY,), []),
        (Signature("good", KEY, SUBKEY, "Ada"), (OTHER,), ["wrong-signer"]),
        (Signature("unknown-key", None, "AAAA"), (), ["unknown-signer"]),
        (Signature("unchecked"), (KEY,), ["unchecked-signature"]),
        (Signature("bad"), (), ["bad-signature"]),
        (Signature("expired"), (), ["bad-signature"]),
        (Signature("not-detached"), (), ["bad-signature"]),
    ],
)
def test_what_is_told(found: Signature, signers: tuple[str, ...], codes: list[str]) -> None:
    told = [*signature.diagnostics(Path("x"), found, signers)]
    assert [one.code for one in told] == codes
    assert has_errors(told) == (bool(codes) and codes[0] in ("wrong-signer", "bad-signature"))


def test_without_gpg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = small(tmp_path)
    (bundle / "SHA256SUMS.asc").write_text("whatever")
    monkeypatch.setenv("PATH", str(tmp_path))
    verdict = judge(bundle)
    assert (verdict.ok, [one.code for one in verdict.diagnostics]) == (True, ["unchecked-signature"])
    with pytest.raises(RefusedError, match="gpg is not installed"):
        pack(bundle, None, "ada")


@needs_programs("gpg", "gpgconf")
def test_signed_packed_and_verified(tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GNUPGHOME", str(keys.home))
    bundle = small(tmp_path, changed(require_signature=[keys.ada]))
    before = on_disk.digest(bundle)
    unsigned = pack(bundle, None)
    assert [one.code for one in unsigned.diagnostics] == ["not-signed"]
    done = pack(bundle, None, "ada@example.com")
    assert done.path
    assert (done.diagnostics, done.digest, done.signature.fingerprint) == ((), before, keys.ada)
    assert done.sha256 != unsigned.sha256
    assert on_disk.verify(bundle) == ()
    assert pack(bundle, None).sha256 == done.sha256  # as it was signed
    for place in (bundle, done.path):
        verdict = judge(place)
        assert (verdict.ok, verdict.diagnostics) == (True, ())
        assert f"signature  good, by Ada <ada@example.com>, {keys.ada}" in verdict.lines
        assert verdict.data["digest"] == before


@needs_programs("gpg", "gpgconf")
def test_whose_key_it_has_to_be(tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GNUPGHOME", str(keys.home))
    bundle = small(tmp_path, changed(require_signature=[keys.ada]))
    done = pack(bundle, None, "eve@example.com")
    assert (done.path, [one.code for one in done.diagnostics]) == (None, ["wrong-signer"])
    assert sorted(path.name for path in bundle.iterdir()) == ["2.00-a.sh", "SHA256SUMS", "lib", "manifest.json"]
    with pytest.raises(RefusedError, match="gpg has not signed with `nobody`"):
        pack(bundle, None, "nobody")


@needs_programs("gpg", "gpgconf")
def test_the_keys_of_a_file(tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = small(tmp_path)
    (bundle / "SHA256SUMS.asc").write_bytes(signed(keys, "ada", bundle))
    # the user's own keyring is empty
    monkeypatch.setenv("GNUPGHOME", str(tmp_path))
    tmp_path.chmod(0o700)
    assert codes(judge(bundle)) == (True, ["unknown-signer"])
    ada, armored, eve = (tmp_path / name for name in ("ada.gpg", "ada.asc", "eve.gpg"))
    assert codes(judge(bundle, keys.exported("ada", ada))) == (True, [])
    assert codes(judge(bundle, keys.exported("ada", armored, "--armor"))) == (True, [])
    assert codes(judge(bundle, keys.home / "pubring.kbx")) == (True, [])
    assert codes(judge(bundle, keys.exported("eve", eve))) == (False, ["unknown-signer"])
    with pytest.raises(RefusedError, match="has no keys that gpg can read"):
        judge(bundle, bundle / "manifest.json")


@needs_programs("gpg", "gpgconf")
@pytest.mark.parametrize("how", ["of another text", "inline", "of a text that it brings along", "nonsense"])
def test_what_is_no_signature_of_it(tmp_path: Path, keys: Keys, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GNUPGHOME", str(keys.home))
    bundle = small(tmp_path)
    (bundle / "SHA256SUMS.asc").write_bytes(
        {
            "of another text": lambda: keys.gpg("--armor", "-u", "ada", "--detach-sign", stdin=b"another"),
            "inline": lambda: keys.gpg("--clearsign", "-u", "ada", stdin=b"another"),
            "of a text that it brings along": lambda: keys.gpg("--armor", "-u", "ada", "--sign", stdin=b"another"),
            "nonsense": lambda: b"nonsense",
        }[how]()
    )
    assert codes(judge(bundle)) == (False, ["bad-signature"])
    assert pack(bundle, None).path is None


@needs_programs("gpg", "gpgconf")
def test_a_compile_keeps_the_signature_of_the_same_bundle_alone(tmp_path: Path, keys: Keys) -> None:
    bundle = small(tmp_path)
    made = signed(keys, "ada", bundle)
    (bundle / "SHA256SUMS.asc").write_bytes(made)
    assert (small(tmp_path) / "SHA256SUMS.asc").read_bytes() == made
    assert not (small(tmp_path, changed(change="CHG2")) / "SHA256SUMS.asc").exists()


def signed(keys: Keys, person: str, bundle: Path) -> bytes:
    return keys.gpg("--armor", "-u", person, "--detach-sign", stdin=(bundle / "SHA256SUMS").read_bytes())


def codes(verdict: Verdict) -> tuple[bool, list[str]]:
    return verdict.ok, [one.code for one in verdict.diagnostics]


@needs_programs("gpg", "gpgconf")
def test_the_scripts_ask_gpg_themselves(tmp_path: Path, keys: Keys, minimal: Path) -> None:
    """The gate of a compiled bundle with the machine's own gpg, in the home of whoever runs the test."""
    user, home = pwd.getpwuid(os.getuid()).pw_name, keys.home
    spec = yaml.safe_load(minimal.read_text("utf-8"))
    spec["require_signature"] = [keys.ada]
    (tmp_path / "site.yaml").write_text(yaml.safe_dump(spec), "utf-8")
    bundle = compile_site(tmp_path / "site.yaml", tmp_path / "out", linted=False).path
    assert bundle
    run_by(bundle, user, home)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/gpg2").symlink_to(shutil.which("gpg") or "")
    # the keyring of the user is that of his home, whatever GNUPGHOME says
    (home / ".gnupg").mkdir(mode=0o700)
    own = Keys(home / ".gnupg", "", "")
    surroundings = {
        "PATH": f"{tmp_path}/bin:{os.environ['PATH']}", "HOME": "/nonexistent", "GNUPGHOME": str(home),
        "BASH_FUNC_gpg2%%": "() { printf '[GNUPG:] GOODSIG A Ada\\n[GNUPG:] VALIDSIG " + keys.ada + "\\n'; }",
    }  # fmt: skip

    def listed() -> tuple[int, str]:
        command = [str(bundle / "2.00-preflight.sh"), "--list"]
        done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False, timeout=LIMIT)
        return done.returncode, done.stderr

    status, told = listed()
    assert (status, "this bundle is not signed" in told) == (3, True)
    (bundle / "SHA256SUMS.asc").write_bytes(signed(keys, "ada", bundle))
    status, told = listed()
    assert (status, f"not in the keyring of {user}" in told) == (3, True), told
    own.gpg("--import", str(keys.exported("ada", tmp_path / "ada.gpg")))
    assert listed() == (0, "")
    own.gpg("--import", str(keys.exported("eve", tmp_path / "eve.gpg")))
    (bundle / "SHA256SUMS.asc").write_bytes(signed(keys, "eve", bundle))
    status, told = listed()
    assert (status, f"signed by {keys.eve}, and the spec has {keys.ada}" in told) == (3, True), told
    (bundle / "SHA256SUMS.asc").write_bytes(keys.gpg("--armor", "-u", "ada", "--sign", stdin=b"another"))
    status, told = listed()
    assert (status, "not a detached signature" in told) == (3, True), told


def run_by(bundle: Path, user: str, home: Path) -> None:
    """The bundle as that of a site whose undercloud has this user, root too, which no spec may name."""
    site, sums = bundle / "lib/site.sh", bundle / "SHA256SUMS"
    before = site.read_bytes()
    text = re.sub(r"(?m)^  UNDERCLOUD_USER=.*", f"  UNDERCLOUD_USER={user}", before.decode())
    text = re.sub(r"(?m)^  UNDERCLOUD_HOME=.*", f"  UNDERCLOUD_HOME={home}", text)
    site.write_text(text)
    known, now = (hashlib.sha256(data).hexdigest() for data in (before, text.encode()))
    sums.write_text(sums.read_text().replace(known, now))
