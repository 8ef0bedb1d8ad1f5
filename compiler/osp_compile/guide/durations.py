"""How long the sections take at a site: ranges in minutes, worked out from its nodes, and the words for them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from math import ceil
from operator import add

from osp_compile.guide.model import Range, Section, Text
from osp_compile.guide.plan import groups_of
from osp_compile.spec.model import Language, Site

NOTHING = Range(0, 0)
# What `of` may name besides the groups of nodes.
INSTANCES = "nfv_instances"


def how_many(of: str, site: Site) -> int:
    """How many nodes of the site the group has, or how many NFV instances the spec names."""
    if of == INSTANCES:
        return len(site.nfv.instances) if site.nfv else 0
    return sum(of in groups_of(node) for node in site.nodes)


def range_of(section: Section, site: Site) -> Range:
    """The time that the section takes at this site; the nodes of a batch are counted as one."""
    said = section.duration
    if said is None:
        return NOTHING
    if said.each is None:
        return said.once
    return said.once + said.each.times(ceil(how_many(said.of, site) / _batch(section, said.of, site)))


def _batch(section: Section, of: str, site: Site) -> int:
    part = section.batches.get(of)
    return int(getattr(site, part).batch) if part else 1


def total(sections: Iterable[Section], site: Site) -> Range:
    """The sum of all ranges: sections run one after the other."""
    return reduce(add, (range_of(section, site) for section in sections), NOTHING)


def words(section: Section, site: Site) -> Text | None:
    """The range in words, with what it consists of and what it leaves out."""
    said = section.duration
    if said is None:
        return None
    found = range_of(section, site)
    en, ja = in_words(found, "en"), in_words(found, "ja")
    if said.each:
        count = how_many(said.of, site)
        what, what_ja = ("instances", "インスタンス") if said.of == INSTANCES else ("nodes", "ノード")
        en += f" ({in_words(said.each, 'en')} each; {count} {what if count != 1 else what[:-1]})"
        ja += f" (1 {what_ja}あたり {in_words(said.each, 'ja')}、{count} 台)"
    if said.note:
        en, ja = f"{en}; {said.note.en}", f"{ja}。{said.note.ja}"
    return Text(en, ja)


def in_words(found: Range, language: Language) -> str:
    """10 to 25 min, or 1 h to 2 h 30 min"""
    least, most = _clock(found.least, language), _clock(found.most, language)
    if found.least == found.most:
        return most
    if found.most < 60:
        return f"{found.least}〜{found.most} 分" if language == "ja" else f"{found.least} to {found.most} min"
    return f"{least}〜{most}" if language == "ja" else f"{least} to {most}"


def _clock(minutes: int, language: Language) -> str:
    hours, left = divmod(minutes, 60)
    hour, minute = ("時間", "分") if language == "ja" else ("h", "min")
    parts = ([f"{hours} {hour}"] if hours else []) + ([f"{left} {minute}"] if left or not hours else [])
    return " ".join(parts)
