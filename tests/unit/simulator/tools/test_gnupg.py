"""gpg2, as the undercloud's scripts ask it."""

from __future__ import annotations

from unit.simulator.worlds import Served

ASKED = "gpg2 --homedir ~/.gnupg --no-options --batch --no-tty --status-fd 1 --verify a.asc a"


def test_a_site_that_names_no_signer_knows_no_key(shared: Served) -> None:
    answer = shared.run(ASKED)
    assert (answer.status, answer.err) == (2, "gpg: Can't check signature: No public key\n")
    assert "[GNUPG:] NO_PUBKEY " in answer.out
    assert "GOODSIG" not in answer.out


def test_other_uses_are_refused(shared: Served) -> None:
    assert shared.run("gpg2 --import x").status == 2
    assert shared.run("gpg2 --verify").status == 2
