"""date: the real one, told what the world's time is."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator

from osp_simulator.engine.call import Call, Exec, Refused
from osp_simulator.engine.registry import Facts, always, tool
from osp_simulator.engine.world import World
from osp_simulator.hosts.sandbox import REAL

# A date that does not depend on the present time.
ABSOLUTE = re.compile(
    r"^@|\d{4}-\d{1,2}-\d{1,2}|\d{8}|\d{1,2}/\d{1,2}|\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.I
)
TIME_OF_DAY = re.compile(r"\d{1,2}:\d{2}")


@tool("date", facts=Facts(reaches="nothing", inline=False, idle=always, becomes_real=True))
def date(call: Call, world: World) -> int:
    """The real date, told what the time is; setting the clock is refused. (What `date +%s` says, lifecycle.py has.)"""
    words: list[str] = []
    given = False
    arguments = iter(call.argv)
    for word in arguments:
        if word in ("-s", "--set") or word.startswith("--set="):
            raise Refused(1, "date: cannot set date: Operation not permitted")
        named = _date_named(word, arguments)
        if named is None:
            words.append(word)
            given |= word in ("-f", "-r") or word.partition("=")[0] in ("--file", "--reference")
        else:
            before, text = named
            words += [*before, "-d", _moment(text, call, world)]
            given = True
    if not given:
        words = ["-d", f"@{world.clock.now()}", *words]
    raise Exec(f"{REAL}/bin/date", *words)


def _date_named(word: str, following: Iterator[str]) -> tuple[list[str], str] | None:
    """(options before it, TEXT) of `-d TEXT`, `-dTEXT`, `--date=TEXT` and `-udTEXT`; None for any other word."""
    if word in ("-d", "--date"):
        return [], next(following, "")
    if word.startswith("--date="):
        return [], word.removeprefix("--date=")
    if word.startswith("-d"):
        return [], word[2:]
    if word.startswith("-ud"):
        return ["-u"], word[3:] or next(following, "")
    return None


def _moment(text: str, call: Call, world: World) -> str:
    """What `-d TEXT` means now, as the real date understands it at any time."""
    if ABSOLUTE.search(text):
        return text
    if not text.strip():
        return local(world.clock.now(), "%Y-%m-%d", call, world)
    form = "%Y-%m-%d" if TIME_OF_DAY.search(text) or text.strip() in ("today 0", "0") else "%Y-%m-%d %H:%M:%S"
    suffix = "" if zone_of(call, world) or re.search(r"UTC|Z$|[+-]\d{2}:?\d{2}$", text) else " UTC"
    if form == "%Y-%m-%d":
        return f"{local(world.clock.now(), form, call, world)} {text}"
    return f"{local(world.clock.now(), form, call, world)}{suffix} {text}"


def zone_of(call: Call, world: World) -> str:
    """The zone of a caller's clock, as Asia/Tokyo, by TZ or the host's /etc/localtime; "" is universal time."""
    zone = call.env.get("TZ", "")
    link = world.files.path(call.host, "/etc") / "localtime"
    if not zone and link.is_symlink():
        zone = os.readlink(link).partition("zoneinfo/")[2]
    return "" if zone in ("UTC", "UTC0", "Etc/UTC") else zone


def local(when: float, form: str, call: Call, world: World) -> str:
    """Strftime by the caller's clock."""
    zone = zone_of(call, world)
    if not zone:
        return time.strftime(form, time.gmtime(when))
    import datetime
    import zoneinfo

    try:
        moment = datetime.datetime.fromtimestamp(when, zoneinfo.ZoneInfo(zone))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return time.strftime(form, time.gmtime(when))
    return moment.strftime(form)
