"""gzip that is the same wherever it is made, and read no further than a bundle is long."""

from __future__ import annotations

import gzip
import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osp_compile.ticket.gzip_text import BadArchiveError, compress, decompress

TEXT = b"".join(b"line %d of a script, and what it says\n" % number for number in range(500))


@pytest.mark.parametrize("data", [b"", b"a", b"abc", b"a" * 70000, bytes(range(256)) * 200, TEXT])
def test_what_goes_in_comes_out(data: bytes) -> None:
    assert gzip.decompress(compress(data)) == data


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([b"abcd", b"bcda", b"\x00", b"xyz\n", TEXT[:300]]), max_size=60))
def test_whatever_repeats(parts: list[bytes]) -> None:
    data = b"".join(parts)
    assert decompress(compress(data), len(data)) == data


def test_the_bytes_are_those_of_every_machine() -> None:
    """They are on tickets: whoever changes them changes the sha256 of an archive that has been approved."""
    assert (
        hashlib.sha256(compress(TEXT)).hexdigest() == "acc6f2fcab6c9ff21a7945ea78fcd9d9a55814fb46668b7de8c8becbfa2f6163"
    )
    assert compress(TEXT)[:10] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"


def test_it_is_much_shorter() -> None:
    assert len(compress(TEXT)) < len(TEXT) / 4


@pytest.mark.parametrize(
    ("packed", "message"),
    [
        (b"", "cut short"),
        (b"PK\x03\x04", "not a gzip file"),
        (compress(TEXT)[:-9], "cut short"),
        (compress(TEXT)[:-1] + b"x", "not a gzip file, or a damaged one"),
        (compress(TEXT) + b"more", "something follows"),
        (compress(TEXT) * 2, "something follows"),
        (gzip.compress(bytes(80 << 20), mtime=0), "it unpacks to over 1 MB"),
    ],
)
def test_what_is_refused(packed: bytes, message: str) -> None:
    with pytest.raises(BadArchiveError, match=message):
        decompress(packed, 1 << 20)
