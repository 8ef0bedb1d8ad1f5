# Small bundles made by hand for the tests of the runtime: the real lib/, a section script written in the test, a world of plain files.
#
#   bundle_up             an empty bundle and world in the test's own folder
#   section_script ID NEEDS <<'STEPS'   functions and list of steps; the head is that of templates/_layouts/section.sh.j2
#   seal                  sums, and the ticket's approval of the digest
#   go ID [OPTION...]     runs a section script: $status, $output, the lines without the escape sequences
#   world FILE            is FILE there in the world?
#
# A step made by `simple NAME` is satisfied when $WORLD/NAME is there, and its apply makes it; $WORLD/NAME.broken makes the apply
# fail, $WORLD/NAME.unknown makes satisfied a cannot tell, $WORLD/NAME.no a requires that says no, $WORLD/NAME.vain an apply without
# effect. Every apply and rescue leaves a line in $WORLD/calls.
#
# Time is a file, $CLOCK: the stand-ins for date and sleep read and advance it. RUNBOOK_BASH is the bash that runs the scripts.

REPOSITORY="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../../.." && pwd)"
. "$REPOSITORY/tests/bats/surroundings.bash"
RUNBOOK_BASH="${RUNBOOK_BASH:-$(command -v bash)}"

bundle_up() {
  export BUNDLE="${1:-$BATS_TEST_TMPDIR/bundle}"
  export WORLD="$BATS_TEST_TMPDIR/world" HOUSE="$BATS_TEST_TMPDIR/home" CLOCK="$BATS_TEST_TMPDIR/clock"
  export TMPDIR="$BATS_TEST_TMPDIR/tmp" HOME="$HOUSE" TERM=dumb
  export REAL_DATE REAL_SLEEP
  REAL_DATE="$(type -P date)" REAL_SLEEP="$(type -P sleep)"
  unset OSP_STATE_DIR OSP_SSH_SOCKETS SUDO_USER NO_COLOR
  STATE="$HOUSE/osp-runbook/lab/CHG1" JOURNAL="$HOUSE/osp-runbook/lab/CHG1/journal.tsv"
  mkdir -p "$BUNDLE/lib/commands" "$BUNDLE/lib/before" "$WORLD" "$HOUSE" "$TMPDIR" "$BATS_TEST_TMPDIR/bin"
  cp -R "$REPOSITORY"/templates/_runtime/{runtime.sh,engine,systems,parse,report} "$BUNDLE/lib/"
  # 2026-11-22 22:00:00 UTC
  printf '1795384800\n' >"$CLOCK"
  tool date 'if [[ " $* " == *" --date="* || $* == *"-d @"* ]]; then exec "$REAL_DATE" "$@"; fi
TZ=UTC exec "$REAL_DATE" --date="@$(cat "$CLOCK")" "$@"'
  tool sleep 'printf "%d\n" "$(($(cat "$CLOCK") + ${1%%.*}))" >"$CLOCK"
if [[ -x $WORLD/at_sleep ]]; then "$WORLD/at_sleep"; fi'
  ln -s "$RUNBOOK_BASH" "$BATS_TEST_TMPDIR/bin/bash"
  # the awk that reads ahead, where there is one: what has to be seen at once does not come through it
  if type -P mawk >/dev/null; then ln -s "$(type -P mawk)" "$BATS_TEST_TMPDIR/bin/awk"; fi
  PATH="$BATS_TEST_TMPDIR/bin:$PATH"
  export TZ=UTC
  site
  printf '# name\trole\taddress\tgroups\nn1\tCompute\t192.0.2.1\tall,computes\nn2\tCompute\t192.0.2.2\tall,computes\nn3\tCompute\t192.0.2.3\tall,computes\nc1\tController\t192.0.2.10\tall,controllers\n' \
    >"$BUNDLE/lib/nodes.tsv"
  : >"$BUNDLE/lib/waivers.tsv"
  : >"$BUNDLE/lib/sections.tsv"
  : >"$BUNDLE/lib/contacts.tsv"
}

# tool NAME TEXT: a stand-in on PATH.
tool() {
  printf '#!/bin/bash\n%s\n' "$2" >"$BATS_TEST_TMPDIR/bin/$1"
  chmod +x "$BATS_TEST_TMPDIR/bin/$1"
}

# site [NAME=VALUE...]: the site's scalars, with others in place of the usual ones.
site() {
  local pair
  {
    printf '%s\n' "SITE_NAME=lab" "CHANGE=CHG1" "STACK=overcloud" "SITE_LANGUAGE=en" "SSH_USER=heat-admin" "SSH_PARALLEL=4" \
      "SSH_SITE_OPTIONS=()" "COPY_OPTIONS=()" "NOT_AFTER=''" "HOOK_BEFORE_NODE=''" "HOOK_AFTER_NODE=''" "TIMEOUT_REBOOT=1800" "TIMEOUT_ANSWER=300" "CEPH_MONITORS=3"
    printf 'UNDERCLOUD_USER=%q\nUNDERCLOUD_HOME=%q\n' "$(id -un)" "$HOUSE"
    printf '%s\n' 'REQUIRE_SIGNATURE=()' 'COMPILER_VERSION=0'
    for pair in "$@"; do printf '%s=%q\n' "${pair%%=*}" "${pair#*=}"; done
  } >"$BUNDLE/lib/site.sh"
}

# The part of a script before the library, as the layout has it.
HEAD=$(sed -n '/^# The text that runs is a copy/,/^fi$/p' "$REPOSITORY/templates/_layouts/section.sh.j2")

script_of() { printf '%s' "$BUNDLE/$1-section.sh"; }

# section_script ID [NEEDS]: stdin has `simple NAME` lines, functions, then `steps`, then the list.
section_script() {
  local id=$1 name
  {
    printf '%s\n' '#!/usr/bin/env bash' "$HEAD" '. lib/runtime.sh' \
      "section $id 'Section $id' '${2-}' \"\$@\""
    awk '
      /^simple / { for (i = 2; i <= NF; i++) simple($i); next }
      $0 == "steps" { print "steps <<'\''STEPS'\''"; next }
      { print }
      END { print "STEPS"; print "run_steps" }
      function simple(n) {
        printf "%s_requires() { why \"%s says no\" \"remove %s.no\"; [[ ! -e $WORLD/%s.no ]]; }\n", n, n, n, n
        printf "%s_satisfied() {\n  [[ ! -e $WORLD/%s.unknown ]] || return 2\n  [[ -e $WORLD/%s${1:+-$1} ]]\n}\n", n, n, n
        printf "%s_apply() {\n  printf \"%%s\\n\" \"%s${1:+ $1}\" >>\"$WORLD/calls\"\n", n, n
        printf "  [[ ! -e $WORLD/%s.broken ]]\n  if [[ ! -e $WORLD/%s.vain ]]; then touch -- \"$WORLD/%s${1:+-$1}\"; fi\n}\n", n, n, n
        printf "%s_verify() { %s_satisfied \"$@\"; }\n", n, n
        printf "%s_rescue() { printf \"%%s\\n\" \"rescue %s${1:+ $1}\" >>\"$WORLD/calls\"; }\n", n, n
      }'
  } >"$(script_of "$id")"
  chmod +x "$(script_of "$id")"
  while read -r name; do
    printf 'touch %s on <node>\n' "$name" >"$BUNDLE/lib/commands/$id-$name.txt"
    printf 'the world has %s; to go back: rm %s\n' "$name" "$name" >"$BUNDLE/lib/before/$id-$name.txt"
  done < <(sed -n 's/^\([a-z_]*\)_\(apply\|attend\)() .*/\1/p' "$(script_of "$id")")
}

seal() {
  (cd -- "$BUNDLE" && find . -type f ! -name SHA256SUMS -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum >SHA256SUMS)
  approve
}

approve() {
  mkdir -p "$STATE"
  sha256sum <"$BUNDLE/SHA256SUMS" | cut -d' ' -f1 >"$STATE/approved"
}

# go ID [OPTION...]
go() {
  local id=$1
  shift
  run "$RUNBOOK_BASH" "$(script_of "$id")" "$@" </dev/null
}

world() { [[ -e $WORLD/$1 ]]; }
calls() { if [[ -e $WORLD/calls ]]; then paste -sd, "$WORLD/calls"; fi; }
clock() { "$REAL_DATE" -u --date="$1" +%s >"$CLOCK"; }

# journalled EVENT [STEP]: how many lines of the journal have it.
journalled() { awk -F '\t' -v event="$1" -v step="${2-}" '$8 == event && (step == "" || $6 == step)' "$JOURNAL" | wc -l; }

# same EXPECTED ACTUAL
same() {
  if [[ $1 != "$2" ]]; then
    printf 'expected: %s\n  actual: %s\n%s\n' "$1" "$2" "${output-}" >&2
    return 1
  fi
}

exits() { same "exit $1" "exit $status"; }

has() {
  if [[ $output != *"$1"* ]]; then
    printf 'not there: %s\n--- in:\n%s\n' "$1" "$output" >&2
    return 1
  fi
}

lacks() {
  if [[ $output == *"$1"* ]]; then
    printf 'there: %s\n--- in:\n%s\n' "$1" "$output" >&2
    return 1
  fi
}

# Everything in the world and at home, with contents: what a run that must change nothing leaves as it was.
listing() {
  (cd -- "$BATS_TEST_TMPDIR" && find world home bundle -printf '%p %y %m %s %T@ %l\n' | LC_ALL=C sort &&
    find tmp -mindepth 1 && find world home bundle -type f -exec sha256sum {} + | LC_ALL=C sort)
}

# words TEXT: runs TEXT with the runtime's words, outside of any section.
words() {
  {
    printf '%s\n' 'set -euo pipefail' 'cd -- "$BUNDLE"' '. lib/runtime.sh' "NEWLINE=\$'\\n'" \
      'SCRIPT=words MODE=run WRITES=no SECTION=words LOG=/dev/null DIGEST=' 'screen_open' 'scratch_open' 'ssh_options' \
      'yes() { return 0; }; no() { why "no is no" "make it yes"; return 1; }; unknown() { why "nobody answers"; return 2; }'
    printf '%s\n' "$1"
  } >"$BATS_TEST_TMPDIR/words.sh"
  run "$RUNBOOK_BASH" "$BATS_TEST_TMPDIR/words.sh" </dev/null
}

# on_terminal ANSWERS ID [OPTION...]: runs a section script on a terminal of its own and types ANSWERS when it asks.
on_terminal() {
  local answers=$1 id=$2
  shift 2
  run "${PYTHON:-python3}" "$REPOSITORY/tests/bats/runtime/terminal.py" "$answers" "$RUNBOOK_BASH" "$(script_of "$id")" "$@"
}
