"""World time as the tools print it (UTC, the C locale)."""

from __future__ import annotations

import time

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def yum_stamp(when: float) -> str:
    """`Nov 22 11:36:01`, as yum.log has it."""
    moment = time.gmtime(when)
    return (
        f"{MONTHS[moment.tm_mon - 1]} {moment.tm_mday:02d} {moment.tm_hour:02d}:{moment.tm_min:02d}:{moment.tm_sec:02d}"
    )


def ctime(when: float) -> str:
    """`Thu Nov 22 22:00:00 2018`."""
    moment = time.gmtime(when)
    clock = f"{moment.tm_hour:02d}:{moment.tm_min:02d}:{moment.tm_sec:02d}"
    return f"{DAYS[moment.tm_wday]} {MONTHS[moment.tm_mon - 1]} {moment.tm_mday:2d} {clock} {moment.tm_year}"
