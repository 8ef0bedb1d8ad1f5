# Long commands that are watched, never killed: what one has begun outlives the terminal.

load ../helpers

setup() {
  bundle_up
  mkdir -p "$STATE/logs"
  # what began these tests may ignore a lost terminal, as nohup does, and all below it would
  tool fresh-bash 'exec perl -e '"'"'$SIG{$_} = "DEFAULT" for qw(HUP INT); exec @ARGV'"'"' '"$RUNBOOK_BASH"' "$@"'
  RUNBOOK_BASH="$BATS_TEST_TMPDIR/bin/fresh-bash"
}

# watch COMMAND: as the undercloud's upgrade is run.
watch() { words 'STATE='"$STATE"'; watched 60 "a long command" '"$1"; }

@test "a lost terminal and Ctrl-C pass it by, and its own status is what counts" {
  local name
  for name in HUP INT; do
    watch "bash -c 'kill -$name \$\$; echo got past $name; exit 3'"
    exits 3
    has "got past $name"
  done
  grep -q 'got past HUP' "$STATE/logs/a-long-command.log"
  has 'a long command has begun at 22:0'
  has 'Z, should end within 1 m 00 s, and writes to '
}

@test "one that takes longer than it should is told of, waited for all the same, and its end is shown" {
  printf '#!/bin/bash\nprintf . >>"$WORLD/sleeps"\nif (($(wc -c <"$WORLD/sleeps") > 15)); then : >"$WORLD/enough"; fi\n' >"$WORLD/at_sleep"
  chmod +x "$WORLD/at_sleep"
  # (where nobody waits any more the file does not come)
  watch "timeout 20 bash -c 'until [[ -e \$WORLD/enough ]]; do :; done; echo the very end; exit 3'"
  exits 3
  has 'a long command takes longer than 1 m 00 s; it is not stopped; see '
  has 'the very end'
}

@test "a command that runs already is found by how its line begins, and an editor with its words in the line is not it" {
  local name="osp-long-$$-$RANDOM" pid
  bash -c "exec -a 'vim $name upgrade.txt' '$REAL_SLEEP' 60" >/dev/null 2>&1 3>&- &
  pid=$!
  until pgrep --full "^vim $name" >/dev/null; do :; done
  words '. "$BUNDLE/lib/systems/hosts.sh"; no_process_like "'"$name"' upgrade"'
  kill "$pid"
  exits 0
  bash -c "exec -a '/usr/bin/python /usr/bin/$name upgrade' '$REAL_SLEEP' 60" >/dev/null 2>&1 3>&- &
  pid=$!
  until pgrep --full "^/usr/bin/python /usr/bin/$name" >/dev/null; do :; done
  words '. "$BUNDLE/lib/systems/hosts.sh"; no_process_like "'"$name"' upgrade"'
  kill "$pid"
  exits 1
}
