"""Every option of OpenSSH 7.4 is set by the runtime or the spec, or it is known why the user's configuration may."""

from __future__ import annotations

import re
from pathlib import Path

from osp_compile.spec.openssh import BY_FOLDED, KEYWORDS
from osp_compile.spec.rules.ssh import OURS, RUNS_COMMANDS

ROOT = Path(__file__).parents[4]
SET = re.compile(r"-o ([A-Z]\w+)=")
# {why the user's configuration may say it: the options}
OPEN = {
    "who logs in, with which keys": (
        "CertificateFile ChallengeResponseAuthentication EnableSSHKeysign GSSAPIAuthentication HostbasedAuthentication "
        "HostbasedKeyTypes IdentitiesOnly IdentityAgent IdentityFile KbdInteractiveAuthentication "
        "KbdInteractiveDevices NumberOfPasswordPrompts PasswordAuthentication PKCS11Provider PreferredAuthentications "
        "PubkeyAcceptedKeyTypes PubkeyAuthentication"
    ),
    "how it is encrypted and carried": (
        "AddressFamily BindAddress Cipher Ciphers Compression CompressionLevel HostKeyAlgorithms IPQoS KexAlgorithms "
        "MACs RekeyLimit TCPKeepAlive UsePrivilegedPort FingerprintHash"
    ),
    "it takes keys away, and gives none": "CheckHostIP RevokedHostKeys HashKnownHosts",
    "ClearAllForwardings takes it away": (
        "DynamicForward LocalForward RemoteForward ExitOnForwardFailure GatewayPorts StreamLocalBindMask "
        "StreamLocalBindUnlink"
    ),
    "another option that is set turns it off": (
        "CanonicalDomains CanonicalizeFallbackLocal CanonicalizeMaxDots CanonicalizePermittedCNAMEs ForwardX11Timeout "
        "ForwardX11Trusted LocalCommand ProxyJump TunnelDevice XAuthLocation"
    ),
    "it holds options, and is none itself": "Host Match Include",
    "the variables that matter are not exported to ssh": "SendEnv",
    "the login on the command line comes first": "User",
}


def set_by_the_runtime() -> list[str]:
    return SET.findall((ROOT / "templates/_runtime/engine/ssh.sh").read_text("utf-8"))


def test_every_option_is_set_or_known_to_be_harmless() -> None:
    may_be_said = [word for words in OPEN.values() for word in words.split()]
    closed = {word for word in set_by_the_runtime() if word.lower() in BY_FOLDED}
    assert sorted({*closed, *may_be_said}) == sorted(KEYWORDS)
    assert len(may_be_said) == len({*may_be_said})
    assert not closed & {*may_be_said}


def test_newer_options_are_set_after_the_one_that_lets_an_old_ssh_pass_over_them() -> None:
    words = set_by_the_runtime()
    assert words[0] == "IgnoreUnknown"
    assert {word for word in words if word.lower() not in BY_FOLDED} == {
        "ForkAfterAuthentication", "KnownHostsCommand", "RemoteCommand", "SessionType", "SetEnv", "StdinNull",
    }  # fmt: skip


def test_what_only_the_runtime_may_set_it_sets() -> None:
    known = {word.lower() for word in set_by_the_runtime()}
    assert {*OURS} - known == {"user"}
    assert RUNS_COMMANDS - known == {"localcommand", "include", "match", "host", "xauthlocation", "pkcs11provider"}
