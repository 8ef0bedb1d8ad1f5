# What every bats test has around it: a limit, and neither the language nor the zone of the person who runs it.

# bash itself warns of a locale that is not installed, into what a test reads
unset "${!LC_@}" LANGUAGE TZ
export LANG=C.UTF-8

# Nothing waits without a limit. bats reads BATS_TEST_TIMEOUT when it has loaded a test's file, so that it holds however bats is started;
# for setup_file, and for the teardown of a test that ran into it, bats has none: there `limited COMMAND...` is the limit.

export BATS_TEST_TIMEOUT="${BATS_TEST_TIMEOUT:-900}"

# bats ends only the children of a test whose time is over: what those have started would hold the pipe that `run` reads, for ever.
# This takes the place of bats' own function of that name. Each is stopped before it is asked for its children: it can start no more.
bats_kill_childprocesses_of() {
  local child
  for child in $(cat "/proc/$1/task"/*/children); do
    # the watch itself is one of them
    if ((child != BASHPID)); then
      kill -STOP "$child"
      bats_kill_childprocesses_of "$child"
      kill -KILL "$child"
    fi
  done
}

limited() {
  local status=0 started=$SECONDS
  timeout --foreground --kill-after=10 "$BATS_TEST_TIMEOUT" "$@" || status=$?
  if ((SECONDS - started >= BATS_TEST_TIMEOUT)); then printf 'waited %d s for: %s\n' "$BATS_TEST_TIMEOUT" "$*" >&2; fi
  return "$status"
}
