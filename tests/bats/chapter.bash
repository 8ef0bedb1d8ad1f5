# What the suites of the whole chapter share: an example's world, and all of its sections as an operator runs them.

# compiled SPEC [SED...]: the example's bundle and a world in which it is approved.
compiled() {
  local spec=$1
  shift
  sed "$@" "$REPOSITORY/specs/examples/$spec.yaml" >"$BATS_TEST_TMPDIR/site.yaml"
  "${PYTHON:-python3}" -m osp_compile "$BATS_TEST_TMPDIR/site.yaml" --language en -o "$BATS_TEST_TMPDIR/out" >"$BATS_TEST_TMPDIR/compiled" || cat "$BATS_TEST_TMPDIR/compiled"
  BUNDLE=$(echo "$BATS_TEST_TMPDIR"/out/*)
  sim_up "$BUNDLE"
  sim_run ./runbook approve "$(sha256sum "$BUNDLE/SHA256SUMS" | cut --delimiter=' ' --fields=1)"
}

teardown() { simulator down "$BATS_TEST_TMPDIR/world"; }

# chapter: every section in its order; the undercloud's own reboot cuts the session, and the same command goes on.
chapter() {
  local script status
  for script in "$BUNDLE"/2.*.sh; do
    status=0
    sim_run "./${script##*/}" --yes || status=$?
    if [[ ${script##*/} == 2.04-* && $status != 0 ]]; then
      status=0
      sim_run "./${script##*/}" --yes || status=$?
    fi
    echo "${script##*/}: exit $status"
    if ((status > 0)); then return "$status"; fi
  done
}

# As a reader of the site would see it: what runs where, in which state, with which switches.
shape_of_world() {
  "${PYTHON:-python3}" - <(simulator get "$WORLD") <<'PYTHON'
import json, sys

state = json.load(open(sys.argv[1]))
for name, host in sorted(state["hosts"].items()):
    print(name, host["up"], host["boot_id"], host["kernel"]["running"], sorted(host["packages"].items()))
for part in ("pacemaker", "ceph", "nova", "neutron", "ironic", "glance"):
    print(part, json.dumps(state[part], sort_keys=True))
PYTHON
}

# again: a second run of all, and what it changed in the world.
again() {
  local before after
  simulator advance "$WORLD" 60
  before=$(shape_of_world)
  chapter >"$BATS_TEST_TMPDIR/again"
  after=$(shape_of_world)
  diff <(echo "$before") <(echo "$after")
  ! grep --extended-regexp '[1-9][0-9]* steps? changed' "$BATS_TEST_TMPDIR/again"
}
