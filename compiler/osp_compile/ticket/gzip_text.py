"""gzip that gives the same bytes for the same data on every machine.

The output of zlib depends on which zlib is installed, and distributions ship several; an archive's sha256 on a ticket
must be reproducible elsewhere. This writes one block of RFC 1951 with its fixed codes, about 30 % longer than zlib's
best. Each result is decompressed by zlib and compared before it is used.
"""

from __future__ import annotations

import zlib
from bisect import bisect_right
from collections.abc import Iterator

HEADER = b"\x1f\x8b\x08" + bytes(4) + b"\x00\x00\xff"  # no name, no time, of an unknown system
WINDOW, SHORTEST, LONGEST = 32768, 4, 258
END = 256


class BadArchiveError(Exception):
    """The data is not a usable gzip file; the text is the message of a diagnostic."""


def _reversed(code: int, bits: int) -> tuple[int, int]:
    """A Huffman code as it lies in the stream, from its highest bit on, and how many bits it has."""
    return int(f"{code:0{bits}b}"[::-1], 2), bits


def _symbol(value: int) -> tuple[int, int]:
    """The fixed code of a literal, of the block's end (256) or of a length's symbol (RFC 1951, 3.2.6)."""
    if value < 144:
        return _reversed(0x30 + value, 8)
    if value < 256:
        return _reversed(0x190 + value - 144, 9)
    return _reversed(value - 256, 7) if value < 280 else _reversed(0xC0 + value - 280, 8)


def _classes(first: int, count: int, per_step: int) -> list[tuple[int, int]]:
    """(least value, extra bits) of `count` symbols; the number of extra bits grows by 1 every `per_step` symbols."""
    found, value = [], first
    for symbol in range(count):
        extra = max(0, symbol // per_step - 1)
        found.append((value, extra))
        value += 1 << extra
    return found


LENGTHS = [*_classes(3, 28, 4), (LONGEST, 0)]  # symbols 257 to 285
DISTANCES = _classes(1, 30, 2)
LENGTH_STARTS = [least for least, _ in LENGTHS]
DISTANCE_STARTS = [least for least, _ in DISTANCES]
LITERAL_CODES = [_symbol(value) for value in range(257)]
DISTANCE_CODES = [_reversed(symbol, 5) for symbol in range(30)]


def _length_code(length: int) -> tuple[int, int]:
    at = bisect_right(LENGTH_STARTS, length) - 1
    least, extra = LENGTHS[at]
    code, bits = _symbol(257 + at)
    return code | (length - least) << bits, bits + extra


LENGTH_CODES = [(0, 0)] * 3 + [_length_code(length) for length in range(3, LONGEST + 1)]


def compress(data: bytes) -> bytes:
    """`data` as a gzip file."""
    tail = zlib.crc32(data).to_bytes(4, "little") + (len(data) & 0xFFFFFFFF).to_bytes(4, "little")
    packed = HEADER + _block(data) + tail
    if zlib.decompress(packed, wbits=31) != data:
        raise AssertionError("what was compressed does not come out again")
    return packed


def _block(data: bytes) -> bytes:
    out, held, filled = bytearray(), 0b011, 3  # the last block, with fixed codes
    for code, bits in _codes(data):
        held |= code << filled
        filled += bits
        if filled >= 512:
            out += (held & (1 << 512) - 1).to_bytes(64, "little")
            held >>= 512
            filled -= 512
    return bytes(out) + held.to_bytes((filled + 7) // 8, "little")


def _codes(data: bytes) -> Iterator[tuple[int, int]]:
    """(code, bits) of the data: each position as a repetition of an earlier stretch, or as a literal."""
    last: dict[bytes, int] = {}
    at = 0
    while at < len(data):
        key = data[at : at + SHORTEST]
        before = last.get(key, at)
        length = _same(data, before, at) if 0 < at - before <= WINDOW and len(key) == SHORTEST else 1
        if length == 1:
            yield LITERAL_CODES[data[at]]
        else:
            yield LENGTH_CODES[length]
            symbol = bisect_right(DISTANCE_STARTS, at - before) - 1
            code, bits = DISTANCE_CODES[symbol]
            least, extra = DISTANCES[symbol]
            yield code | (at - before - least) << bits, bits + extra
        for place in range(at, at + length):
            last[data[place : place + SHORTEST]] = place
        at += length
    yield LITERAL_CODES[END]


def _same(data: bytes, before: int, at: int) -> int:
    """The number of equal bytes from `before` and from `at` on, at most LONGEST."""
    most = min(LONGEST, len(data) - at)
    length = SHORTEST
    while length < most and data[before + length] == data[at + length]:
        length += 1
    return length


def decompress(packed: bytes, most: int) -> bytes:
    """The data of one gzip file. BadArchiveError if it is damaged, followed by other data, or over `most` bytes."""
    reader = zlib.decompressobj(wbits=31)
    try:
        data = reader.decompress(packed, most + 1)
    except zlib.error as problem:
        raise BadArchiveError("not a gzip file, or a damaged one") from problem
    if len(data) > most:
        raise BadArchiveError(f"it unpacks to over {most >> 20} MB, which no bundle has")
    if not reader.eof:
        raise BadArchiveError("cut short: the end of the gzip data is missing")
    if reader.unused_data:
        raise BadArchiveError("something follows the gzip data")
    return data
