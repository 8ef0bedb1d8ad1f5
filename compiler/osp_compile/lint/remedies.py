"""The rule that a remedy can be pasted as it is printed: each command says where it runs, and names what it is for.

How a remedy is written is in templates/_runtime/engine/pasting.sh: parts with ` ;; ` between them, words first, and
before the commands of a part their place: `on NODE:`, `rc:`, `stackrc:` or `here:`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from osp_compile.lint.word_list import strings
from osp_compile.shell.functions import parted
from osp_compile.shell.quoted import BETWEEN, closing

# What has a remedy after a reason, and what is a remedy itself.
AFTER_A_REASON = re.compile(
    rf"\b(?:why|why_at_last|besides|fail|warn|not_yet|refuse|pass_or_fail){BETWEEN.pattern}(?=[\"'])"
)
ITSELF = re.compile(rf"\b(?:shown_remedy{BETWEEN.pattern}|remedy\+?=)(?=[\"'])")
HOW_TO = re.compile(r"^(?:how|way)_to_\w+$")
DEFAULT = re.compile(r"^\$\{\w+:-(.*)\}$")
PLACED = re.compile(r"(?:on (?:\$\([^)]*\)|\S)+|\$credentials|rc|stackrc|here): |\(\. |\$\w+(?:; |$)", re.DOTALL)
# Commands that need credentials, or a node of the overcloud.
BARE = re.compile(
    r"(?:^|[:;] )(?:sudo )?(?:openstack|nova|neutron|cinder|glance|pcs|ceph|virsh|rabbitmqctl|hiera|ovs-vsctl"
    r"|clustercheck|mongo) [a-z-]"
)
ON = re.compile(r"\bon (?:an? |each |the )?(?:[\w$.-]|\$\{[^}]*\})+(?: of them)?: ")
SOURCED = re.compile(r"(?<!\()\. (?:~|\$UNDERCLOUD_HOME)/\S+; ")
# Words before a command of the undercloud.
MIXED = re.compile(r"^(?!(?:sudo|diff|ls|cd|printf|tar|\./) ?).*[:;] (?:sudo|ls|df|mkdir|yum|systemctl) ")
SHELL_OF_ITS_OWN = re.compile(r"(?:^|; )ssh [\"$]*node\b")
TO_BE_REPLACED = re.compile(r"(?<![\w$\"'{=-])(?<!-c )(?:ID|UUID|NODE|HOST|PORT|PROFILE|NAME|OSD)\b(?!=)")


def unpasteable(text: str) -> Iterator[tuple[int, str]]:
    """(line, remedy) of each remedy in the shell file `text` that cannot be pasted on the undercloud as it is."""
    found = {(line, string) for line, string in strings(text) if SOURCED.search(string)}
    for at, remedy in _remedies(text):
        if any(_is_bare(part) for part in remedy.split(" ;; ")) or _has_words_last(remedy):
            found.add((text.count("\n", 0, at) + 1, remedy))
    yield from sorted(found)


def _remedies(text: str) -> Iterator[tuple[int, str]]:
    """(where, text) of each quoted remedy; comments are passed over."""
    yield from _after_reasons(text)
    for said in ITSELF.finditer(text):
        if not _in_comment(text, said.start()):
            yield from _string(text, said.end())
    for name, body in parted(text)[0].items():
        if HOW_TO.match(name):
            start = text.index(body.splitlines()[0])
            yield from ((start, string) for _, string in strings(body) if " " in string)


def _after_reasons(text: str) -> Iterator[tuple[int, str]]:
    for said in AFTER_A_REASON.finditer(text):
        first = closing(text, said.end() + 1, text[said.end()])
        between = BETWEEN.match(text, first + 1) if first > 0 else None
        if between and text[between.end() : between.end() + 1] in {"'", '"'} and not _in_comment(text, said.start()):
            yield from _string(text, between.end())


def _in_comment(text: str, at: int) -> bool:
    return text[text.rfind("\n", 0, at) + 1 : at].lstrip().startswith("#")


def _string(text: str, at: int) -> Iterator[tuple[int, str]]:
    end = closing(text, at + 1, text[at])
    if end > 0:
        said = text[at + 1 : end]
        # a line of it that goes on is one line
        yield at, said if text[at] == "'" else said.replace("\\\n", "")


def _is_bare(part: str) -> bool:
    part = DEFAULT.sub(r"\1", part.removeprefix(";; ").strip())
    if PLACED.match(part):
        return TO_BE_REPLACED.search(part) is not None
    return any(one.search(part) for one in (BARE, MIXED, ON, SHELL_OF_ITS_OWN))


def _has_words_last(remedy: str) -> bool:
    placed = [PLACED.match(part.strip()) is not None for part in remedy.split(" ;; ")]
    return any(before and not after for before, after in pairwise(placed))
