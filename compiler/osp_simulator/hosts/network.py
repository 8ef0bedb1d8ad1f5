"""Seals a sandbox off from the network: a rehearsal reaches nothing real.

A sandbox has a network of its own without any other host. A seccomp filter allows only unix sockets, since some kinds
of sockets are not confined by a namespace (a virtual machine's host, the kernel's own families), and forbids io_uring,
which could make others.
"""

from __future__ import annotations

import errno
import os
import socket
import struct

# (audit architecture, number of socket(2)) by machine: linux/audit.h, asm/unistd.h
MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
IO_URING_SETUP = 425  # everywhere
OTHER_CALLS = 0x40000000  # from here on x86_64 has the same calls under other numbers
LOAD, JUMP_EQUAL, JUMP_FROM, RETURN = 0x20, 0x15, 0x35, 0x06  # BPF_LD|W|ABS, BPF_JMP|JEQ|K, BPF_JMP|JGE|K, BPF_RET|K
ALLOW, ERRNO = 0x7FFF0000, 0x00050000  # linux/seccomp.h
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data


def files_alone(machine: str) -> bytes:
    """The program for bubblewrap's --seccomp, as an array of struct sock_filter."""
    architecture, number = MACHINES[machine]
    allowed, refused = 8, 9  # the ends of the program
    program: list[tuple[int, int, int, int]] = [
        (LOAD, 0, 0, ARCHITECTURE),
        (JUMP_EQUAL, 0, refused - 2, architecture),
        (LOAD, 0, 0, NUMBER),
        (JUMP_FROM, refused - 4, 0, OTHER_CALLS),
        (JUMP_EQUAL, refused - 5, 0, IO_URING_SETUP),
        (JUMP_EQUAL, 0, allowed - 6, number),
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (JUMP_EQUAL, 0, refused - 8, socket.AF_UNIX),
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, ERRNO | errno.ENETUNREACH),
    ]
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in program)


def machine() -> str:
    """The machine's architecture, as uname names it; ValueError if a site cannot be simulated on it."""
    name = os.uname().machine
    if name not in MACHINES:
        raise ValueError(f"a site is simulated on {' and '.join(MACHINES)} only, not on {name}")
    return name
