# Around all suites of a call: a Python that is ready for what they ask of the simulator.

setup_suite() {
  . "$(dirname -- "${BASH_SOURCE[0]}")/surroundings.bash"
  local here
  here="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"
  PYTHONPATH="$here/../../compiler${PYTHONPATH:+:$PYTHONPATH}" \
    "${PYTHON:-python3}" -S "$here/ready.py" "$BATS_SUITE_TMPDIR" $$ </dev/null >"$BATS_SUITE_TMPDIR/ready.log" 2>&1 3>&- &
  export READY=$BATS_SUITE_TMPDIR
}
