"""Reads the environment files and the answers file of a deploy command. Python 2.7 and 3, standard library only.

Only what a TripleO file has is understood: at the left a mapping, below it names with a value each, on a line or between braces. What lies deeper
is skipped.
"""

from __future__ import print_function

import fnmatch
import io
import os
import sys

# nothing is left beside the files of the bundle, by whomever this is run
sys.dont_write_bytecode = True

from lines import row, show

BELOW = u"..."  # stands for a value that lies on the lines below its name
OPENED = u"[{"
NOTHING = (u"", u"~", u"null", u"Null", u"NULL", u"[]", u"{}", u"false", u"False", u"0")
NOT_PATHS = (u"hooks", u"restricted_actions", u"base_url")
# where the guide's order of step 2.06/1 puts a file of that name; the site's own files may be anywhere
PLACES = (
    (u"network-isolation*", u"overcloud-resource-registry-puppet.*"),
    (
        u"network-environment*", u"net-single-nic*", u"net-bond*", u"net-multiple-nics*", u"net-2-linux-bonds*",
        u"nic-config*",
    ),
    (u"external-loadbalancer*", u"external-load-balancer*"),
    (u"*storage-environment*", u"puppet-ceph[-.]*", u"ceph[-.]*", u"hyperconverged-ceph*", u"cinder-*"),
    (u"environment-rhel-registration*", u"rhel-registration*"),
)  # fmt: skip
BESIDES = u".role.j2.yaml"  # a template that the client renders for each role


def answers(path, folder):
    """`templates PATH` and `environment PATH` of each that an answers file lists; what is relative begins at `folder`, where the client is called.

    Raises ValueError for environments that are not a list, which the client fails over too.
    """
    for name, kind in ((u"templates", u"templates"), (u"environments", u"environment")):
        for line, value in listed(lines_of(path), name):
            if kind == u"templates":
                value = value.rstrip(u"/")
            elif not value:
                raise ValueError("line %d: an entry of environments is empty" % line)
            yield row(kind, value if kind == u"templates" else text(joined(folder, value)))


def listed(lines, name):
    """(line, value) of what a name at the left has: one value, or those of its list."""
    inside = False
    for at, line in enumerate(lines):
        bare = line.strip()
        if not bare or bare.startswith(u"#"):
            continue
        if inside and (bare == u"-" or bare.startswith(u"- ")):
            yield at + 1, scalar(bare[1:])
            continue
        if inside and line[:1].isspace():
            raise ValueError("line %d: %s is not a list of files" % (at + 1, name))
        key, value = split(line)
        inside = key == name and not value and name != u"templates"
        if key != name or inside:
            continue
        if name == u"templates":
            yield at + 1, scalar(value)
        elif value[:1] == u"[":
            for one in flow(whole(lines, at, value)):
                yield at + 1, scalar(one)
        else:
            raise ValueError("line %d: %s is not a list of files" % (at + 1, name))


def lost(templates, *paths):
    """FILE LINE NAME PATH of each template that a `resource_registry` names and that is not there.

    The client's own places to look: beside the file, and for what lies in the collection `templates`, what is rendered from a .j2.yaml there.
    """
    root = templates.rstrip(b"/" if isinstance(templates, bytes) else "/")
    for path in paths:
        found = list(entries(lines_of(path), u"resource_registry"))
        if any(name == u"base_url" for _, name, _ in found):
            continue
        for line, name, value in found:
            if name in NOT_PATHS or value in (BELOW, u"") or u"::" in value or value[:1] in u"&*!|>[{":
                continue
            if value.startswith(u"file://"):
                value = value[len(u"file://") :]
            if u"://" not in value:
                place = os.path.normpath(joined(os.path.dirname(path), value))
                if not is_there(place, root):
                    yield row(text(path), u"%d" % line, name, text(place))


def is_there(place, root):
    if os.path.exists(place):
        return True
    stem, ending = os.path.splitext(text(place))
    if os.path.exists(native(u"%s.j2%s" % (stem, ending), place)):
        return True
    folder = os.path.dirname(place)
    if not text(place).startswith(text(root) + u"/") or not os.path.isdir(folder):
        return False
    names = [text(one) for one in os.listdir(folder)]
    return any(stem.endswith(u"-" + one[: -len(BESIDES)]) for one in names if one.endswith(BESIDES))


def parameter(name, *paths):
    """`set|empty FILE LINE` for the last of the files whose `parameter_defaults` have that parameter; the client reads no other section for it."""
    last = []
    for path in paths:
        for line, key, value in entries(lines_of(path), u"parameter_defaults"):
            if key == text(name):
                last = [row(u"empty" if value in NOTHING else u"set", text(path), u"%d" % line)]
    return last


def overruled(*paths):
    """NAME FIRST LAST of each parameter where the last file that sets it is not the last one in the guide's order, FIRST, which has another value.

    Nothing is known of a parameter that a file of the site's own sets last.
    """
    setters, names = {}, []
    for path in paths:
        lines = lines_of(path)
        for line, name, value in entries(lines, u"parameter_defaults"):
            names += [] if name in setters else [name]
            setters.setdefault(name, []).append((guides_place(path), text(path), full(lines, line, value)))
    for name in names:
        place, path, value = setters[name][-1]
        highest = max(one[0] for one in setters[name])
        _, first, guides = [one for one in setters[name] if one[0] == highest][-1]
        if place and guides != value:
            yield row(name, first, path)


def guides_place(path):
    """The file's place in the guide's order, from 1; 0 if it has none."""
    name = text(os.path.basename(path))
    places = [at + 1 for at, forms in enumerate(PLACES) if any(fnmatch.fnmatchcase(name, form) for form in forms)]
    return places[0] if places else 0


def full(lines, line, value):
    """The value of the entry on that line; of a list or mapping its entries, whichever style it is written in."""
    if value[:1] and value[:1] in OPENED:
        return [scalar(one) for one in flow(whole(lines, line - 1, value))]
    own = lines[line - 1]
    if value != BELOW or not own[:1].isspace():
        return value
    depth, said = indent_of(own), []
    for below in lines[line:]:
        bare = uncommented(below).strip()
        if bare and (indent_of(below) < depth or (indent_of(below) == depth and bare[:1] != u"-")):
            break
        said += [scalar(bare[1:] if bare[:1] == u"-" else bare)] if bare else []
    return said


def counts(*paths):
    """`ROLECount NUMBER` of each that the files set; the last one counts, and one below `parameters` over any of `parameter_defaults`."""
    found = {}
    for section in (u"parameter_defaults", u"parameters"):
        for path in paths:
            told = entries(lines_of(path), section)
            found.update((name, int(value)) for _, name, value in told if name.endswith(u"Count") and value.isdigit())
    return [u"%s %d" % one for one in sorted(found.items())]


def registered(name, *paths):
    """FILE TEMPLATE of each file whose `resource_registry` has that name."""
    for path in paths:
        for _, key, value in entries(lines_of(path), u"resource_registry"):
            if key == text(name):
                yield row(text(path), value)


def lines_of(path):
    """The lines of a file; none of one that is rendered from a .j2.yaml and is not there yet."""
    if not os.path.isfile(path):
        return []
    with io.open(path, encoding="utf-8-sig", errors="replace") as stream:
        return stream.read().splitlines()


def entries(lines, section):
    """(line, name, value) of what is directly below `section`; BELOW for a value that goes over more lines."""
    inside, depth, pending = False, None, None
    for at, line in enumerate(lines):
        bare = line.strip()
        if not bare or bare.startswith(u"#"):
            continue
        indent = indent_of(line)
        if indent == 0 and not (inside and bare.startswith(u"-")):
            if pending:
                yield pending
            pending = None
            key, value = split(line)
            inside, depth = key == section and not value, None
            if key == section and value[:1] == u"{":
                for one in flow(whole(lines, at, value)):
                    name, told = split(one)
                    yield at + 1, name, scalar(told)
        elif inside:
            depth = depth or indent
            if indent != depth or bare.startswith(u"- ") or u":" not in bare:
                if pending and pending[2] == u"":
                    pending = pending[:2] + (BELOW,)
                continue
            if pending:
                yield pending
            name, told = split(bare)
            pending = (at + 1, name, scalar(told))
    if pending:
        yield pending


def indent_of(line):
    return len(line) - len(line.lstrip())


def split(line):
    """Name and value of `name: value`; a name may hold colons, as OS::TripleO::Controller has."""
    bare = line.strip()
    if bare[:1] in (u"'", u'"'):
        name, _, rest = bare[1:].partition(bare[0])
        return name, without_comment(rest.lstrip()[1:])
    name, _, rest = (bare + u" ").partition(u": ")
    return name.strip(), without_comment(rest)


def without_comment(value):
    value = value.strip()
    if value[:1] in (u"'", u'"'):
        end = value.find(value[0], 1)
        return value if end < 0 else value[: end + 1]
    if value[:1] == u"#":
        return u""
    return value.partition(u" #")[0].strip()


def scalar(value):
    """The value without its quotes and without a comment after it."""
    value = without_comment(value)
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in u"'\"" else value


def whole(lines, at, value):
    """What is between the brackets that `value` opens, which may be closed on a later line. Raises ValueError if they never are."""
    value = u" ".join(uncommented(line) for line in [value] + lines[at + 1 :])
    end = next((place for place, depth in depths(value) if depth == 0 and value[place] in u"]}"), None)
    if end is None:
        raise ValueError("line %d: a bracket is not closed" % (at + 1))
    return value[1:end]


def uncommented(line):
    """A line between brackets without the comment at its end."""
    for place, _ in depths(line):
        if line[place] == u"#" and (place == 0 or line[place - 1].isspace()):
            return line[:place]
    return line


def depths(value):
    """(place, depth) of each letter that is not within quotes."""
    depth, quote = 0, u""
    for place, letter in enumerate(value):
        if quote:
            quote = u"" if letter == quote else quote
            continue
        if letter in u"'\"":
            quote = letter
        depth += (letter in OPENED) - (letter in u"]}")
        yield place, depth


def flow(inner):
    """The entries of a list or mapping between brackets; commas within quotes or brackets part nothing."""
    commas = [place for place, depth in depths(inner) if depth == 0 and inner[place] == u","]
    ends = zip([-1] + commas, commas + [len(inner)])
    return [one for one in (inner[begin + 1 : end].strip() for begin, end in ends) if one]


def joined(folder, value):
    return os.path.join(folder, native(value, folder))


def native(value, path):
    """Text of the same type as `path`: Python 2 has its arguments as bytes."""
    return value.encode("utf-8") if isinstance(path, bytes) else value


def text(path):
    return path.decode("utf-8", "replace") if isinstance(path, bytes) else path


WORDS = {
    "answers": answers,
    "counts": counts,
    "lost": lost,
    "overruled": overruled,
    "parameter": parameter,
    "registered": registered,
}

if __name__ == "__main__":
    show(WORDS[sys.argv[1]](*sys.argv[2:]))
