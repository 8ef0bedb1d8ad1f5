"""Seals a sandbox off from the machine: a rehearsal reaches nothing real.

A sandbox has a network of its own without any other host. A seccomp filter allows only unix sockets, since some kinds
of sockets are not confined by a namespace (a virtual machine's host, the kernel's own families), and forbids io_uring,
which could make others. It also refuses the calls of refused.py, and to make a namespace.
"""

from __future__ import annotations

import errno
import os
import socket
import struct

from osp_simulator.hosts import refused

# (audit architecture, number of socket(2)) by machine: linux/audit.h, asm/unistd.h
MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
OTHER_CALLS = 0x40000000  # from here on x86_64 has the same calls under other numbers
LOAD, RETURN = 0x20, 0x06  # BPF_LD|W|ABS, BPF_RET|K
JUMP_EQUAL, JUMP_FROM, JUMP_ANY = 0x15, 0x35, 0x45  # BPF_JMP|K and JEQ, JGE, JSET
ALLOW, ERRNO = 0x7FFF0000, 0x00050000  # linux/seccomp.h
NUMBER, ARCHITECTURE, FIRST_ARGUMENT, SECOND_ARGUMENT = 0, 4, 16, 24  # offsets in struct seccomp_data
Instruction = tuple[int, int, int, int]  # struct sock_filter: code, jump if true, jump if not, value


def files_alone(machine: str) -> bytes:
    """The program for bubblewrap's --seccomp, as an array of struct sock_filter."""
    architecture, number = MACHINES[machine]
    at = list(MACHINES).index(machine)
    program: list[Instruction] = [
        (LOAD, 0, 0, ARCHITECTURE),
        *_unless(JUMP_EQUAL, architecture, errno.ENETUNREACH),
        (LOAD, 0, 0, NUMBER),
        *_refuse(JUMP_FROM, OTHER_CALLS, errno.ENETUNREACH),
    ]
    for call in refused.UNREACHABLE.values():
        program += _refuse(JUMP_EQUAL, call, errno.ENETUNREACH)
    for numbers in refused.CALLS.values():
        if (call_here := numbers[at]) is not None:
            program += _refuse(JUMP_EQUAL, call_here, errno.EPERM)
    # (the C library then takes clone, whose flags can be looked at)
    program += _refuse(JUMP_EQUAL, refused.CLONE3[at], errno.ENOSYS)
    program += _of(refused.CLONE[at], FIRST_ARGUMENT, _refuse(JUMP_ANY, refused.NAMESPACES, errno.EPERM))
    typing = [one for code in refused.TYPING for one in _refuse(JUMP_EQUAL, code, errno.EPERM)]
    program += _of(refused.IOCTL[at], SECOND_ARGUMENT, typing)
    program += _of(number, FIRST_ARGUMENT, _unless(JUMP_EQUAL, socket.AF_UNIX, errno.ENETUNREACH))
    program.append((RETURN, 0, 0, ALLOW))
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in program)


def _refuse(jump: int, value: int, error: int) -> list[Instruction]:
    return [(jump, 0, 1, value), (RETURN, 0, 0, ERRNO | error)]


def _unless(jump: int, value: int, error: int) -> list[Instruction]:
    return [(jump, 1, 0, value), (RETURN, 0, 0, ERRNO | error)]


def _of(call: int, argument: int, judged: list[Instruction]) -> list[Instruction]:
    """Instructions that judge this call by its argument, and let it through if nothing has refused it.

    The argument's low half is enough: no flag or number that is judged is larger.
    """
    inner = [(LOAD, 0, 0, argument), *judged, (RETURN, 0, 0, ALLOW)]
    return [(JUMP_EQUAL, 0, len(inner), call), *inner]


def machine() -> str:
    """The machine's architecture, as uname names it; ValueError if a site cannot be simulated on it."""
    name = os.uname().machine
    if name not in MACHINES:
        raise ValueError(f"a site is simulated on {' and '.join(MACHINES)} only, not on {name}")
    return name
