# What the shell tests share: a simulated site in the test's own folder, taken down with it.
#
#   sim_up DIR|MANIFEST      start the world WORLD from a bundle's folder or a manifest.json; RUNBOOK_BASH is the bash of its hosts
#   sim_run CMD...           run on the undercloud as stack, in the bundle's folder
#   sim_root CMD...          the same as root; sim_on HOST CMD... as heat-admin on a node
#   sim_set PATH JSON        change the world; sim_get PATH shows it; sim_fault MATCH BEHAVIOUR [NTH] plants a fault
#   sim_file HOST PATH       where a host's file really lies
#   compile_into FOLDER CMD  compile the site on stdin to FOLDER/out with this command
#   from NAME                this test's own copy of the world NAME that setup_file has made; down_all takes all of these down
#   sim_mark, sim_changed    remember the calls up to now; print the calls since then that changed the world

REPOSITORY="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)"
. "$REPOSITORY/tests/bats/surroundings.bash"
export PYTHONPATH="$REPOSITORY/compiler${PYTHONPATH:+:$PYTHONPATH}"

simulator() {
  if [[ -S ${READY-}/ready ]]; then
    limited perl "$REPOSITORY/tests/bats/ready.pl" "$READY" "$@"
  else
    limited "${PYTHON:-python3}" -S -m osp_simulator "$@"
  fi
}

sim_up() {
  export WORLD="${WORLD:-$BATS_TEST_TMPDIR/world}"
  local kind=--bundle
  if [[ -f $1 ]]; then kind=--manifest; fi
  simulator up "$WORLD" "$kind" "$1" ${RUNBOOK_BASH:+--bash "$RUNBOOK_BASH"}
}

# The site is kept beside it; what the compiler prints is shown where it fails.
compile_into() {
  mkdir -p "$1"
  cat >"$1/site.yaml"
  "${@:2}" "$1/site.yaml" -o "$1/out" >"$1/compiled" 2>&1 || {
    cat "$1/compiled" >&2
    return 1
  }
}

from() {
  simulator copy "$BATS_FILE_TMPDIR/$1" "$BATS_TEST_TMPDIR/world"
  export WORLD=$BATS_TEST_TMPDIR/world
}

down_all() {
  local world
  for world in "$BATS_FILE_TMPDIR"/*/calls.jsonl; do
    simulator down "${world%/calls.jsonl}"
  done
}

sim_run() {
  simulator run "$WORLD" -- "$@"
}

sim_root() {
  simulator run "$WORLD" --user root -- "$@"
}

sim_on() {
  local host="$1"
  shift
  simulator run "$WORLD" --host "$host" -- "$@"
}

sim_set() {
  simulator set "$WORLD" "$@"
}

sim_get() {
  simulator get "$WORLD" "$@"
}

sim_fault() {
  simulator fault "$WORLD" "$@"
}

sim_file() {
  simulator file "$WORLD" "$@"
}

sim_mark() {
  SIM_MARK="$(wc -l <"$WORLD/calls.jsonl")"
}

sim_changed() {
  tail -n "+$((${SIM_MARK:-0} + 1))" "$WORLD/calls.jsonl" | grep '"changed": true' || :
}

sim_down() {
  if [[ -n ${WORLD:-} && -d $WORLD ]]; then simulator down "$WORLD"; fi
}

# A file with a teardown of its own calls sim_down there.
teardown() {
  sim_down
}
