"""df: the world's disks in the layout of coreutils 8.22."""

from __future__ import annotations

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.registry import Facts, tool
from osp_simulator.engine.world import World
from osp_simulator.state.hosts import Disk
from osp_simulator.tools.df.options import COLUMNS, Asked, parse

WORDS = ("source", "fstype", "target", "file")  # columns of text, to the left; the others are numbers
AMOUNTS = ("size", "used", "avail")
NARROWEST = 5  # of a column of amounts, unless it is the last
SOURCE_WIDTH = 14  # of the first column, where the columns are df's own


@tool("df", facts=Facts(reaches="nothing", inline=True))
def df(call: Call, world: World) -> int:
    asked = parse(call.argv)
    disks = world.state["hosts"][call.host]["disks"]
    found = _holding(call, world, disks, asked.paths) if asked.paths else [(disk, "-") for disk in disks]
    failed = len(found) < len(asked.paths)
    chosen = [(disk, path) for disk, path in found if asked.wants(disk["fstype"])]
    if not chosen:
        raise Refused(1, "" if failed else "df: no file systems processed")
    call.stdout.write(_table(asked, chosen))
    return 1 if failed else 0


def _holding(call: Call, world: World, disks: list[Disk], paths: list[str]) -> list[tuple[Disk, str]]:
    """(the disk that holds it, path) of every path there is; the others are complained of."""
    found = []
    for path in paths:
        absolute = path if path.startswith("/") else f"{call.cwd}/{path}"
        if not world.files.path(call.host, absolute).exists() and not any(disk["target"] == absolute for disk in disks):
            call.stderr.write(f"df: \u2018{path}\u2019: No such file or directory\n")
            continue
        above = [disk for disk in disks if _under(absolute, disk["target"])]
        found.append((max(above, key=lambda disk: len(disk["target"])), path))
    return found


def _under(path: str, target: str) -> bool:
    return target == "/" or path == target or path.startswith(target.rstrip("/") + "/")


def _table(asked: Asked, chosen: list[tuple[Disk, str]]) -> str:
    columns = _columns(asked)
    heading = _heading(asked)
    rows = [[heading[column] for column in columns]]
    rows += [[_cell(column, disk, path, asked) for column in columns] for disk, path in chosen]
    widths = [max(len(row[index]) for row in rows) for index in range(len(columns))]
    if columns[0] == "source" and not asked.columns:
        widths[0] = max(widths[0], SOURCE_WIDTH)
    return "".join(_line(columns, row, widths) for row in rows)


def _columns(asked: Asked) -> list[str]:
    if asked.columns:
        return asked.columns
    if asked.inodes:
        return ["source", "itotal", "iused", "iavail", "ipcent", "target"]
    return ["source", *(["fstype"] if asked.fstype else []), *AMOUNTS, "pcent", "target"]


def _heading(asked: Asked) -> dict[str, str]:
    heading = dict(COLUMNS)
    if not asked.human:
        heading["size"] = f"{asked.unit if asked.posix else _block(asked)}-blocks"
        heading["avail"] = "Avail" if asked.columns else "Available"
    if asked.posix:
        heading["pcent"] = "Capacity"
    return heading


def _block(asked: Asked) -> str:
    block = asked.block or {1024: "1K", 1 << 20: "1M"}.get(asked.unit, str(asked.unit))
    return f"{block}B" if block.isdigit() else block


def _line(columns: list[str], row: list[str], widths: list[int]) -> str:
    """One row; nothing follows a last column of text, and only amounts that are not last have a least width."""
    cells = []
    for index, (column, cell, width) in enumerate(zip(columns, row, widths, strict=True)):
        last = index == len(columns) - 1
        if column in WORDS:
            cells.append(cell if last else f"{cell:<{width}}")
        else:
            cells.append(f"{cell:>{width if last or column not in AMOUNTS else max(width, NARROWEST)}}")
    return " ".join(cells) + "\n"


def _cell(column: str, disk: Disk, path: str, asked: Asked) -> str:
    size, used = disk["size"], min(disk["used"], disk["size"])
    inodes = size // 2048
    taken = disk.get("iused", used // 65536)
    amounts = {"size": size, "used": used, "avail": size - used}
    counts = {"itotal": inodes, "iused": taken, "iavail": inodes - taken}
    if column in amounts:
        return _human(amounts[column], asked.human) if asked.human else str(-(-amounts[column] // asked.unit))
    if column in counts:
        return str(counts[column])
    if column in ("pcent", "ipcent"):
        part, whole = (used, size) if column == "pcent" else (taken, inodes)
        return f"{-(-part * 100 // whole) if whole else 0}%"
    words = {"source": disk["source"], "fstype": disk["fstype"], "target": disk["target"], "file": path}
    return words[column]


def _human(number: int, base: int) -> str:
    """Rounded up, as df does: a tenth below ten, whole above."""
    if number < base:
        return str(number)
    value, units = float(number), iter("KMGTP")
    unit = ""
    while value >= base and unit != "P":
        value, unit = value / base, next(units)
    tenth = -(-int(value * 1000) // 100) / 10
    return f"{tenth:.1f}{unit}" if tenth < 10 else f"{-int(-value // 1)}{unit}"
