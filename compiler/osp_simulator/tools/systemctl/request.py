"""A request to systemctl, as systemd 219 parses it: `show` has no --value."""

from __future__ import annotations

from dataclasses import dataclass, field

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.options import split_up
from osp_simulator.engine.world import World
from osp_simulator.state.hosts import Host
from osp_simulator.tools.systemctl.unit_names import Units

FLAGS = frozenset(
    "--all -a --no-legend --no-pager --plain --quiet -q --full -l --failed --now --no-wall "
    "--no-ask-password --system".split()
)
LONG = {"-t": "--type", "-p": "--property"}
VALUED = frozenset("--state --type -t -p --property -n --lines".split())


@dataclass(frozen=True)
class Request:
    """A request; `values` are by the option's long name, those of a repeated option joined by commas."""

    call: Call
    world: World
    verb: str
    names: tuple[str, ...]
    flags: frozenset[str]
    values: dict[str, str]

    @property
    def entry(self) -> Host:
        """The host's state."""
        return self.world.state["hosts"][self.call.host]

    @property
    def units(self) -> Units:
        return self.entry["units"]

    @property
    def quiet(self) -> bool:
        return bool(self.flags & {"--quiet", "-q"})

    def say(self, text: str) -> None:
        """Prints a line, unless `--quiet` was given."""
        if not self.quiet:
            self.call.stdout.write(text)

    def listed(self, option: str) -> list[str]:
        """A valued option's words, parted by commas; none where it was not given."""
        return self.values[option].split(",") if option in self.values else []


@dataclass
class _Words:
    flags: set[str] = field(default_factory=set)
    values: dict[str, str] = field(default_factory=dict)
    rest: list[str] = field(default_factory=list)


def parse(call: Call, world: World) -> Request:
    """Parses the command line; Refused for options that 219 does not know. Without a verb it is list-units."""
    given = _Words()
    split_up(call.argv, given.rest, lambda word, words: _option(given, word, words))
    verb, *names = given.rest or ["list-units"]
    return Request(call, world, verb, tuple(names), frozenset(given.flags), given.values)


def _option(given: _Words, word: str, words: list[str]) -> None:
    name, separator, value = word.partition("=")
    if name in VALUED:
        if not separator and not words:
            raise Refused(1, f"systemctl: option requires an argument -- '{word.lstrip('-')}'")
        value = value if separator else words.pop(0)
        key = LONG.get(name, name)
        given.values[key] = f"{given.values[key]},{value}" if key in given.values else value
    elif word[:2] in LONG:
        given.values[LONG[word[:2]]] = word[2:]
    elif word in FLAGS:
        given.flags.add(word)
    else:
        raise Refused(1, f"systemctl: unrecognized option '{word}'")
