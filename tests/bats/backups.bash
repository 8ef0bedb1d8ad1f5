# What the suites of 2.01 and 2.02 share: a small site, its bundle, a world in which the bundle is approved, and looks into it.

# The site of a file's tests: site_with 'backup: {...}' [MORE LINES]
site_with() {
  cat <<YAML
version: 1
site: {name: lab-1, change: CHG0000001, language: en}
nodes:
- {name: overcloud-controller-0, role: Controller, address: 192.0.2.10}
- {name: overcloud-controller-1, role: Controller, address: 192.0.2.11}
- {name: overcloud-controller-2, role: Controller, address: 192.0.2.12}
- {name: overcloud-compute-0, role: Compute, address: 192.0.2.20}
env_files: [/usr/share/openstack-tripleo-heat-templates/environments/network-isolation.yaml]
YAML
  printf '%s\n' "$@"
}

# base NAME SITE LINES...: compiles the site and makes the world $BATS_FILE_TMPDIR/NAME with its bundle approved. With
# STAND_INS='2.01 2.02' the scripts of these sections do nothing but say that they are done.
base() {
  local folder=$BATS_FILE_TMPDIR/$1.files
  shift
  site_with "$@" | compile_into "$folder" limited "${PYTHON:-python3}" -m osp_compile
  if [[ -n ${STAND_INS-} ]]; then stand_in_for "$folder/out/lab-1"; fi
  WORLD=${folder%.files} sim_up "$folder/out/lab-1"
  WORLD=${folder%.files} approve
}

# What --status of a stand-in was asked with stays in ~/osp-runbook/asked-SECTION.
stand_in_for() {
  local id script
  for id in $STAND_INS; do
    for script in "$1/$id"-*.sh; do
      printf '%s\n' '#!/usr/bin/env bash' "if [[ \${1-} == --status ]]; then echo \"\${OSP_READINESS-no}\" >~/osp-runbook/asked-$id; fi" >"$script"
    done
  done
  (cd "$1" && find . -type f ! -name SHA256SUMS -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum >SHA256SUMS)
}

# made_backup KIND PIECE...: a whole backup, begun now, without the work.
made_backup() {
  sim_root bash -c 'set -e; folder=/var/backup/osp/CHG0000001/$1-2018-11-22-220000; mkdir -p "$folder"; cd "$folder"
    for piece in "${@:2}"; do echo piece >"$piece"; done
    sha256sum -- * >SHA256SUMS; date +%s >started' - "$@"
}

# on_terminal ANSWERS CMD...: CMD on a terminal, the answers typed as runtime/terminal.py says.
on_terminal() {
  TERMINAL_SECONDS=120 run "${PYTHON:-python3}" "$REPOSITORY/tests/bats/runtime/terminal.py" "$1" \
    "${PYTHON:-python3}" -S -m osp_simulator run "$WORLD" -- "${@:2}"
}

approve() {
  sim_run bash -c 'state=$HOME/osp-runbook/lab-1/CHG0000001; mkdir -p "$state"; sums=$(sha256sum SHA256SUMS); echo "${sums%% *}" >"$state/approved"'
}

# Every file of every host but the runtime's own records and scratch, with its checksum.
files_of_world() {
  (cd "$WORLD/hosts" && find . -type f ! -path '*/osp-runbook/*' ! -path './*/uptime' ! -path '*/root/tmp/*' -exec sha256sum {} + | sort -k 2)
}

# newest KIND: the folder of the newest backup as the undercloud has it.
newest() {
  (cd "$(sim_file undercloud "${BACKUPS:-/var/backup/osp}")" && printf '%s\n' "$PWD/CHG0000001/$1"-* | tail -n 1)
}

count_of_backups() { find "$(sim_file undercloud /var/backup/osp/CHG0000001)" -mindepth 1 -maxdepth 1 -type d -name "$1-*" | wc -l; }

sums_are_right() { (cd "$1" && sha256sum --check --quiet SHA256SUMS); }

# With the whole library: the words of `library` run with "$@" after them, as a section would run them, changing nothing.
library() {
  local words=$1
  shift
  sim_run bash -c '. lib/runtime.sh
    for file in lib/engine/*.sh lib/systems/*.sh; do if [[ $file != lib/runtime.sh ]]; then . "$file"; fi; done
    MODE=status WRITES=no
    screen_open; scratch_open; ssh_options
    '"$words" - "$@"
}

# says QUESTION [ARG...]: what a question of the library answers here, and why.
says() { library 'ask "$@"; echo "$ANSWER: $WHY"' "$@"; }

# Status and words of the last `run`, shown when a test fails.
expect() {
  printf '%s\n' "$output"
  [ "$status" -eq "$1" ]
  if [ $# -gt 1 ]; then grep -q -- "$2" <<<"$output"; fi
}

# refute CMD...: it must fail. (`!` in front of a command never fails a test.)
refute() {
  if "$@"; then return 1; fi
}

# changes_nothing CMD...: neither a call nor a file of the world changes.
changes_nothing() {
  local before after
  before=$(files_of_world)
  sim_mark
  run "$@"
  printf '%s\n' "$output"
  after=$(files_of_world)
  [ -z "$(sim_changed)" ]
  diff <(printf '%s' "$before") <(printf '%s' "$after")
}

# No secret of the site is in any argument of any call, nor in what the runtime wrote down.
no_secret_is_shown() {
  local secret
  for secret in "$(sim_get mysql.password)" "$(sim_get galera.password)" "$(sim_get redis.password)"; do
    [ -n "$secret" ]
    refute grep -F -e "$secret" "$WORLD/calls.jsonl"
    refute grep -r -F -e "$secret" "$(sim_file undercloud /home/stack/osp-runbook)"
  done
}

# has_nothing_to_do COMMAND...: what is run once more changes nothing, with the journal or without it.
has_nothing_to_do() {
  changes_nothing "$@"
  expect 0 '0 steps changed'
  told_well
  rm "$(sim_file undercloud /home/stack/osp-runbook/lab-1/CHG0000001/journal.tsv)"
  changes_nothing "$@"
  expect 0 '0 steps changed'
}

# told_well: no step of the last `run` that is done gives a reason why it would not be.
told_well() {
  refute grep -E 'done: .*( is not | not there|cannot|older than|still |symbolic link|missing|failed|does not| is off)' <<<"$output"
}
