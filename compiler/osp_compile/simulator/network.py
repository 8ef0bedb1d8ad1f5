"""No way out of a sandbox: sockets of the internet families are refused; what is rehearsed reaches nothing real.

A filter of system calls, since a network namespace for each sandbox costs more than all else about it.
"""

from __future__ import annotations

import errno
import os
import socket
import struct

# (audit architecture, number of socket(2)) by machine: linux/audit.h, asm/unistd.h
MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
LOAD, JUMP_EQUAL, RETURN = 0x20, 0x15, 0x06  # BPF_LD|W|ABS, BPF_JMP|JEQ|K, BPF_RET|K
ALLOW, ERRNO = 0x7FFF0000, 0x00050000  # linux/seccomp.h
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data


def refuse_internet(machine: str) -> bytes:
    """The program for bubblewrap's --seccomp, as an array of struct sock_filter."""
    architecture, number = MACHINES[machine]
    refused = 8  # where the program ends with a refusal
    program = [
        (LOAD, 0, 0, ARCHITECTURE),
        (JUMP_EQUAL, 0, refused - 2, architecture),
        (LOAD, 0, 0, NUMBER),
        (JUMP_EQUAL, 0, 3, number),
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (JUMP_EQUAL, refused - 6, 0, socket.AF_INET),
        (JUMP_EQUAL, refused - 7, 0, socket.AF_INET6),
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, ERRNO | errno.ENETUNREACH),
    ]
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in program)


def machine() -> str:
    """The machine, as uname names it; ValueError where a site cannot be simulated."""
    name = os.uname().machine
    if name not in MACHINES:
        raise ValueError(f"a site is simulated on {' and '.join(MACHINES)} only, not on {name}")
    return name
