#!/usr/bin/env bash
#
# Makes one file of what `osp-compile import --from FILE` needs to know of a site. Written by osp-compile.
#
#   bash collect.sh [-o FILE] [DEPLOY_SCRIPT | FOLDER]...
#
# Run it on the undercloud as its user. It asks the clients for lists and reads files: it changes nothing. A deploy script
# may be named, and folders beside the home directory that hold environment files. Of YAML files only the keys that are
# looked for are taken, never a password. From scripts, passwords, keys and tokens are taken out where a word or their
# form shows what they are. The file is plain text: read it before it leaves the undercloud.
set -euo pipefail
umask 077

out=osp-compile-site.txt
if [[ ${1:-} == -o ]]; then
  out=${2:?a file name has to follow -o}
  shift 2
fi
for python in python python2 python3 ''; do
  if [[ -z $python ]]; then
    printf 'no Python here has PyYAML: run this on the undercloud, as the stack user\n' >&2
    exit 1
  fi
  if command -v "$python" >/dev/null && "$python" -c 'import yaml' 2>/dev/null; then break; fi
done
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

# asks NAME RC COMMAND...: what the command prints becomes $work/NAME; without an answer the list is left out
asks() {
  local name=$1 rc=$2
  shift 2
  if [[ ! -r $rc ]]; then
    printf '%s: there is no %s, so this is left out: %s\n' "$0" "$rc" "$*" >&2
    return
  fi
  # shellcheck disable=SC1090  # the rc file of the site
  if ! (set +u && . "$rc" && "$@") >"$work/$name" </dev/null 2>"$work/error"; then
    printf '%s: no answer, so this is left out: %s\n' "$0" "$*" >&2
    sed 's/^/  /' "$work/error" >&2
    rm -f -- "$work/$name"
  fi
}

asks servers "$HOME/stackrc" openstack server list -f json
asks baremetal "$HOME/stackrc" openstack baremetal node list --fields name instance_uuid properties -f json

# the client names the overcloud's rc file after its stack
overcloud_rc=$HOME/overcloudrc
if [[ ! -r $overcloud_rc ]]; then
  asks stacks "$HOME/stackrc" openstack stack list -f value -c 'Stack Name'
  while read -r stack; do
    if [[ -r $HOME/${stack}rc ]]; then overcloud_rc=$HOME/${stack}rc; fi
  done < <(cat -- "$work/stacks" 2>/dev/null)
fi
asks computes "$overcloud_rc" openstack compute service list -f json
asks agents "$overcloud_rc" openstack network agent list -f json

# what takes passwords, keys and tokens out of the evidence of a change takes them out of this too
# @MODULES@

cat >"$work/collect.py" <<'PYTHON'
# Python 2.7 and 3
from __future__ import print_function

import io
import json
import os
import re
import sys

import yaml

from clean import clean

LARGEST = 1024 * 1024
TEMPLATES = "/usr/share/openstack-tripleo-heat-templates"
WANTED = "overcloud deploy"
# what else speaks of it: this script, however it was called when it was carried over, and the scripts of a bundle
OURS = ("osp-compile collection 1", ". lib/runtime.sh", ". lib/runbook.sh")
LOOKED_AT = re.compile(
    r"^(\w+Count|\w+HostnameFormat|HostnameMap|Overcloud\w+Flavor|EnableFencing|NeutronVhostuserSocketDir"
    r"|CeilometerBackend|CeilometerMeterDispatcher)$"
)
OF_A_ROLE = ("name", "CountDefault", "HostnameFormatDefault", "ServicesDefault")
GONE = "REMOVED"
# What a line alone does not show: the value of such an option or variable is on the next one, or it is an array's.
ACROSS_LINES = (
    (re.compile(r"((?:--[\w-]*(?:pass|token|secret|activation-key|authorization-code)[\w-]*|\bsshpass\s+-p)"
                r"(?:\s*\\\n\s*|[ =]\s*))(?:'[^']*'|\"[^\"]*\"|\S+)", re.I), r"\1" + GONE),
    (re.compile(r"(\w*(?:pass|passwd|password|token|secret|apikey|api_key|activation_?key|credential)\w*\+?=)"
                r"(?:\([^()]*\)|'[^']*'|\"[^\"]*\"|\S+)", re.I), r"\1" + GONE),
)


def text_of(path):
    if os.path.getsize(path) > LARGEST:
        return ""
    with io.open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def without_secrets(text):
    for pattern, instead in ACROSS_LINES:
        text = pattern.sub(instead, text)
    return clean(text.encode("utf-8"))[0].decode("utf-8", "replace")


def yaml_files(folders):
    for top in folders:
        for folder, inner, names in os.walk(top):
            if folder[len(top):].count(os.sep) >= 5:
                del inner[:]
            inner[:] = sorted(name for name in inner if not name.startswith("."))
            for name in sorted(names):
                if name.endswith((".yaml", ".yml")):
                    yield os.path.join(folder, name)


def plain(value):
    """Texts as they are written: dates, numbers and `yes` are no matter of this script."""
    return yaml.load(value, Loader=yaml.BaseLoader)


def of_yaml(data):
    """(kind, what is taken) of a YAML file; None where there is nothing to take."""
    if isinstance(data, list) and any(isinstance(one, dict) and "ServicesDefault" in one for one in data):
        roles = [one for one in data if isinstance(one, dict)]
        return "roles", [dict((key, one[key]) for key in OF_A_ROLE if key in one) for one in roles]
    if not isinstance(data, dict):
        return None
    found = {}
    if "environments" in data and isinstance(data.get("templates"), type(u"")):
        found["templates"] = data["templates"]
        found["environments"] = data["environments"]
    for section in ("parameters", "parameter_defaults"):
        values = data.get(section)
        if isinstance(values, dict) and "heat_template_version" not in data:
            taken = dict((key, values[key]) for key in values if LOOKED_AT.match(key))
            if taken:
                found[section] = taken
    registry = data.get("resource_registry")
    if isinstance(registry, dict):
        taken = dict(
            (key, registry[key]) for key in registry if key.startswith("OS::TripleO::") and hasattr(registry[key], "split")
        )
        if taken:
            found["resource_registry"] = taken
    return ("environment", found) if found else None


def of_history(path):
    """The deploy commands of the shell's history, with the lines that belong to them."""
    lines, taken, going_on = text_of(path).split("\n"), [], False
    for line in lines:
        if WANTED in line or going_on:
            taken.append(line)
            going_on = line.endswith("\\")
    return "\n".join(taken)


def runs_deploy(text):
    return WANTED in text and not any(own in text for own in OURS)


def scripts(home, named):
    found = [path for path in named if os.path.isfile(path)]
    if found:
        return [(path, text_of(path)) for path in found]
    here = [os.path.join(home, name) for name in sorted(os.listdir(home)) if name.endswith(".sh")]
    here = [path for path in here if os.path.isfile(path) and runs_deploy(text_of(path))]
    here.sort(key=os.path.getmtime)
    if here:
        return [(path, text_of(path)) for path in here]
    history = os.path.join(home, ".bash_history")
    taken = of_history(history) if os.path.isfile(history) else ""
    return [(history, taken)] if taken else []


def main():
    work, out, home, user, named = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4], sys.argv[5:]
    home = home if isinstance(home, type(u"")) else home.decode("utf-8")
    named = [os.path.abspath(path if isinstance(path, type(u"")) else path.decode("utf-8")) for path in named]
    parts = [("deploy", path, without_secrets(text)) for path, text in scripts(home, named)]
    if not parts:
        print("no script with `openstack %s` was found: name it" % WANTED, file=sys.stderr)
    for name, kind in (("servers", "servers"), ("baremetal", "baremetal"), ("computes", "services"), ("agents", "services")):
        path = os.path.join(work, name)
        if os.path.isfile(path):
            parts.append((kind, name, text_of(path)))
    folders = [home, TEMPLATES] + [path for path in named if os.path.isdir(path)]
    for path in yaml_files(folders):
        try:
            taken = of_yaml(plain(text_of(path)))
        except (yaml.YAMLError, EnvironmentError, ValueError):
            continue
        if taken:
            parts.append((taken[0], path, json.dumps(taken[1], indent=1, sort_keys=True)))
    with io.open(out, "w", encoding="utf-8") as file:
        file.write(u"osp-compile collection 1\nuser %s\nhome %s\n" % (user, home))
        for kind, path, text in parts:
            file.write(u"== %s %s\n" % (kind, path))
            file.write(u"".join(u"|%s\n" % line for line in text.rstrip("\n").split("\n")))
        file.write(u"== end %d\n" % len(parts))


main()
PYTHON

"$python" "$work/collect.py" "$work" "$out" "$HOME" "$(id -un)" "$@"
printf 'wrote %s\nread it, carry it over, then: osp-compile import --from %s\n' "$out" "${out##*/}"
