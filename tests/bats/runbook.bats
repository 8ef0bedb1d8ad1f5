#!/usr/bin/env bats
# ./runbook, the front door

load helpers
load checks
load stand_ins

setup_file() {
  local bundle
  bundle=$(bundle_of_stand_ins)
  export WORLD=$BATS_FILE_TMPDIR/closed
  sim_up "$bundle"
  simulator copy "$WORLD" "$BATS_FILE_TMPDIR/open"
  WORLD=$BATS_FILE_TMPDIR/open approve
}
teardown_file() { down_all; }

digest() { sim_run bash -c 'sha256sum <SHA256SUMS | cut -d " " -f 1'; }

@test "without a word it says what it can do; what it does not know is usage" {
  from closed
  run sim_run ./runbook
  expect 0 'approve DIGEST' 'attest STEP [--node NODE] REASON'
  run sim_run ./runbook fly
  expect 2 'unknown command: fly'
  run sim_run ./runbook status now
  expect 2 'too many arguments'
}

@test "approve: the ticket's digest and no other; outside the bundle, with a line in the journal" {
  from closed
  run sim_run ./2.00-preflight.sh --step 2.00/8
  expect 3 'not approved'
  run sim_run ./runbook approve 1234
  expect 2 '64 hexadecimal digits'
  run sim_run ./runbook approve "$(printf '%064d' 7)"
  expect 3 "this bundle's digest is"
  [ ! -e "$(sim_file undercloud $STATE_FOLDER/approved)" ]
  run sim_run ./runbook approve "$(digest | tr '[:lower:]' '[:upper:]')"
  expect 0 'approved for change CHG0000002'
  [ "$(cat "$(sim_file undercloud $STATE_FOLDER/approved)")" = "$(digest)" ]
  grep -q "$(printf '\tapproved\t')" "$(sim_file undercloud $STATE_FOLDER/journal.tsv)"
  run sim_run ./2.00-preflight.sh --step 2.00/8
  expect 0
}

@test "next: approval first, then the first section that is not done, and why" {
  from closed
  run sim_run ./runbook next
  expect 0 'NOT approved'
  from_open
  run sim_run ./runbook next
  expect 0 '2.00  Preflight' '2.00/1 has not been run'
  verdicts pass
  set_status 2.06 1
  set_status 2.07 1
  run sim_run ./runbook next
  expect 0 "2.06  Update the overcloud's packages" 'not yet' './2.06-'
  says_nothing_of 2.07
}

from_open() {
  sim_down
  rm -rf "$BATS_TEST_TMPDIR/world"
  from open
}

@test "status: a line a section, who ran it and when; nothing is written or changed" {
  from open
  verdicts warn
  set_status 2.04 1
  set_status 2.07 3
  journalled ito 2.04 - end 'exit 1'
  journalled ito 2.07 - begin -
  sim_mark
  run sim_run ./runbook status
  expect 0 'approved' 'compiled by osp-compile ' '2018-11-22T20:00:00Z  ito' 'nobody answers'
  grep -q '^2.04 *open' <<<"$output"
  grep -q '^2.07 *unknown' <<<"$output"
  # what has not begun, and comes after something that is not done, has not had its turn
  grep -q '^2.06 *later' <<<"$output"
  grep -A1 '^2.08 *later' <<<"$output" | grep -q '^ *after 2.06$'
  grep -q '^2.11 *warned' <<<"$output"
  [ -z "$(sim_changed)" ]
}

@test "status: first of all what runs, and what this change has begun and not ended" {
  local at
  from open
  run sim_run ./runbook status
  says_nothing_of 'open:' 'running:'
  at=$(index_of nova.overcloud.services host overcloud-compute-1.localdomain)
  sim_set "nova.overcloud.services.$at.enabled" false
  sim_set "nova.overcloud.services.$at.reason" '"CHG0000002: rebooted in the update"'
  sim_set ceph.config_keys '{"osp-runbook/CHG0000002/noout": "x"}'
  journalled ito 2.09 2.09/9 start - 2018-11-22T21:50:00Z
  sed -i '$s/\t-\tstart/\tovercloud-compute-0\tstart/' "$(sim_file undercloud $STATE_FOLDER/journal.tsv)"
  sim_run bash -c "echo boot >$STATE_FOLDER/rebooting-overcloud-compute-0"
  sim_run bash -c 'echo "stack pid 4711, section 2.09, since 2018-11-22 21:40:00" >../osp-runbook/lab-2.lock'
  run sim_run flock ../osp-runbook/lab-2.lock ./runbook status
  expect 0 'running: stack pid 4711, section 2.09, since 2018-11-22 21:40:00' \
    'at 2.09/9 overcloud-compute-0, start, since 2018-11-22T21:50:00Z' \
    'open: overcloud-compute-0 is rebooting (since 2018-11-22T21:50:00Z) and has not come back yet; run its section again: 2.09' \
    'open: still set by this change: noout; run the section that set it again' \
    'open: nova-compute is still disabled by this change: overcloud-compute-1.localdomain; run section 2.09 again'
  run sim_run ./runbook status
  says_nothing_of 'running:'
}

@test "run: a section by its number, with its options and its exit status" {
  from open
  run sim_run ./runbook run 2.4 --step 2.04/1 --yes
  expect 0 'ran 2.04: --step 2.04/1 --yes'
  run sim_run ./runbook run 2.03
  expect 2 'no section 2.03'
  run sim_run ./runbook run ../../bin/sh
  expect 2 'which section?'
}

@test "attest: a step that exists and is no check, with a reason, on record with who and when" {
  from open
  run sim_run ./runbook attest 2.04/1
  expect 2 'requires a step and a reason'
  run sim_run ./runbook attest 9.99/1 because
  expect 2 'no step 9.99/1'
  run sim_run ./runbook attest 2.12/3 because
  expect 3 'is a check'
  [ ! -e "$(sim_file undercloud $STATE_FOLDER/attested.tsv)" ]
  run sim_run ./runbook attest 2.04/1 "$(printf 'by hand\tin the night\n(INC7)')"
  expect 0 'attested: 2.04/1'
  [ "$(cut -f 2- "$(sim_file undercloud $STATE_FOLDER/attested.tsv)")" = "$(printf 'stack\t2.04/1\tby hand in the night (INC7)')" ]
}

@test "unattest: what was attested by mistake is taken back, and the journal keeps both" {
  from open
  run sim_run ./runbook unattest 2.06/1
  expect 3 '2.06/1 is not attested'
  run sim_run ./runbook attest 2.06/1 done by hand
  expect 0
  run sim_run ./runbook attest 2.07/1 done by hand too
  expect 0
  run sim_run ./runbook unattest 2.06/1
  expect 0 'no longer attested: 2.06/1'
  [ "$(cut -f 3 "$(sim_file undercloud $STATE_FOLDER/attested.tsv)")" = 2.07/1 ]
  grep -q "$(printf '2.06/1\t-\tunattested')" "$(sim_file undercloud $STATE_FOLDER/journal.tsv)"
  run sim_run ./runbook unattest
  expect 2 'unattest requires a step'
}

@test "evidence: journal, logs, evidence and manifest in one archive, without secrets" {
  from open
  verdicts pass
  local password archive folder
  password=$(sim_run bash -c '. ~/overcloudrc; echo "$OS_PASSWORD"')
  [ -n "$password" ]
  sim_run bash -c "printf '%s\n' 'it said $password here' 'adminPass | hunter22' 'mysql://nova:hunter33@192.0.2.5/nova' >$STATE_FOLDER/logs/2.04.log"
  run sim_run ./runbook evidence
  expect 0 evidence-lab-2-CHG0000002-
  archive=$(sim_file undercloud "$(head -n 1 <<<"$output")")
  folder=$BATS_TEST_TMPDIR/unpacked
  mkdir "$folder"
  tar -xzf "$archive" -C "$folder" --strip-components 1
  [ -s "$folder/journal.tsv" ] && [ -s "$folder/manifest.json" ] && [ -s "$folder/evidence/2.12-3.tsv" ]
  [ "$(cat "$folder/digest")" = "$(digest)" ]
  grep -q 'it said \*\*\* here' "$folder/logs/2.04.log"
  if grep -r -F -e "$password" -e hunter22 -e hunter33 "$folder"; then return 1; fi
}

@test "evidence: a summary to read, with what was let through, the backups and the results; in HTML too" {
  from open
  verdicts pass
  make_backups
  sim_run ./runbook attest 2.04/1 'by hand <b>in the night</b>'
  run sim_run ./runbook evidence
  expect 0 'journal: 2 lines, each as it was written'
  folder=$BATS_TEST_TMPDIR/unpacked
  mkdir "$folder"
  tar -xzf "$(sim_file undercloud "$(head -n 1 <<<"$output")")" -C "$folder" --strip-components 1
  grep -q '^# lab-2, change CHG0000002' "$folder/summary.md"
  grep -q '| attested | 2.04/1 | by hand &lt;b&gt;in the night&lt;/b&gt; | stack |' "$folder/summary.md"
  grep -q "$(digest)" "$folder/summary.md"
  grep -q "undercloud.tar $(echo piece | sha256sum | cut -c 1-64)" "$folder/summary.md"
  grep -q '| 2.12 | .* | \([0-9]*\) / \1 | - |' "$folder/summary.md"
  grep -q '^- not run: .*2.06' "$folder/summary.md"
  # nobody has run 2.00 here, so nothing is known of before
  grep -q '^\*\*No list of before: undercloud, ' "$folder/summary.md"
  grep -q '^undercloud	-	3\.10\.0-.*	-	[1-9][0-9]*	-$' "$folder/software.tsv"
  grep -q '^openvswitch-2' "$folder/software/overcloud-compute-0.after"
  grep -q '<td data-head="Reason">by hand &lt;b&gt;in the night&lt;/b&gt;</td>' "$folder/summary.html"
}

@test "journal --check: the chain is whole, and a line that somebody has changed is named" {
  from open
  run sim_run ./runbook journal
  expect 2 'journal requires --check'
  run sim_run ./runbook attest 2.04/1 by hand
  run sim_run ./runbook attest 2.06/1 by hand
  sim_mark
  run sim_run ./runbook journal --check
  expect 0 '3 lines, each as it was written' 'sha256 '
  [ -z "$(sim_changed)" ]
  sed -i '2s/by hand/as agreed/' "$(sim_file undercloud $STATE_FOLDER/journal.tsv)"
  run sim_run ./runbook journal --check
  expect 1 'line 3 does not fit: line 2 was changed'
  run sim_run ./runbook evidence
  expect 0 'journal: line 3 does not fit'
  run sim_run bash -c "tar -xzOf $STATE_FOLDER/evidence-*.tar.gz --wildcards '*/summary.md'"
  expect 0 'The journal is not as it was written: line 3 does not fit'
}

@test "trust: nothing to do when every key is known" {
  from open
  run sim_run ./runbook trust
  expect 0 'nothing to write'
}

@test "trust: unknown keys are shown with their fingerprints, and written on the operator's word alone" {
  from open
  local known_hosts
  known_hosts=$(sim_file undercloud /home/stack/.ssh/known_hosts)
  rm "$known_hosts"
  run sim_run ./runbook trust </dev/null
  expect 4 'overcloud-compute-1' 'SHA256:' ' MD5:' 'only after you confirm them'
  [ ! -e "$known_hosts" ]
  run answer_with no
  expect 4 'nothing was written'
  [ ! -e "$known_hosts" ]
  # a yes that was typed before the question is shown writes nothing
  run answer_with no yes
  expect 4 'nothing was written'
  [ ! -e "$known_hosts" ]
  run answer_with yes
  expect 0 'written to'
  [ "$(wc -l <"$known_hosts")" -ge 6 ]
  run sim_run ssh -n -o BatchMode=yes -o StrictHostKeyChecking=yes heat-admin@192.0.2.31 hostname
  expect 0
}

# answer_with WORD [EARLY]: trust on a terminal, at which EARLY has been typed before it began.
answer_with() {
  TERMINAL_SECONDS=120 "${PYTHON:-python3}" "$REPOSITORY/tests/bats/runtime/terminal.py" "${2:+BEFORE=>$2|}type yes:=>$1" \
    "${PYTHON:-python3}" -m osp_simulator run "$WORLD" -- ./runbook trust
}

@test "trust: a key that is not the known one stops everything" {
  from open
  local known_hosts
  known_hosts=$(sim_file undercloud /home/stack/.ssh/known_hosts)
  grep -v '^192.0.2.30 ' "$known_hosts" >"$known_hosts.new"
  printf '192.0.2.30 %s\n' "$(awk '$1 == "192.0.2.31" { print $2, $3 }' "$known_hosts")" >>"$known_hosts.new"
  mv "$known_hosts.new" "$known_hosts"
  run sim_run ./runbook trust
  expect 3 changed 'a host key differs from the known one; nothing was written'
}

@test "trust: a node that is known by a key of another kind, and shows none of those, is not new" {
  from open
  local known_hosts
  known_hosts=$(sim_file undercloud /home/stack/.ssh/known_hosts)
  sed -i 's/^192.0.2.30 ssh-ed25519 /192.0.2.30 ssh-rsa /' "$known_hosts"
  cp "$known_hosts" "$BATS_TEST_TMPDIR/before"
  run answer_with yes
  expect 3 changed 'nothing was written'
  cmp "$known_hosts" "$BATS_TEST_TMPDIR/before"
}

@test "trust: a key that was revoked is not written again" {
  from open
  local known_hosts
  known_hosts=$(sim_file undercloud /home/stack/.ssh/known_hosts)
  sed -i 's/^192.0.2.30 /@revoked &/' "$known_hosts"
  run answer_with yes
  expect 3 revoked 'nothing was written'
}

@test "trust: a node that is down is told, and the others are not held up" {
  from open
  sim_set hosts.overcloud-compute-1.up false
  run sim_run ./runbook trust
  expect 1 'no key from: overcloud-compute-1'
}

@test "trust: a controller's own list vouches for a key, or contradicts it and stops everything" {
  from open
  local known_hosts list
  known_hosts=$(sim_file undercloud /home/stack/.ssh/known_hosts)
  list=$(sim_file overcloud-controller-0 /etc/ssh/ssh_known_hosts)
  awk '$1 == "192.0.2.30" { print "[192.0.2.30]*,[overcloud-compute-0.localdomain]*", $2, $3 }' "$known_hosts" >"$list"
  rm "$known_hosts"
  run sim_run ./runbook trust </dev/null
  expect 4
  grep -q '^listed *overcloud-compute-0 ' <<<"$output"
  grep -q '^new *overcloud-compute-1 ' <<<"$output"
  printf '192.0.2.31 %s\n' "$(cut -d ' ' -f 2- "$list")" >>"$list"
  run answer_with yes
  expect 3 contradicted 'nothing was written'
  [ ! -e "$known_hosts" ]
}

@test "trust: nodes with IPv6 addresses" {
  local folder=$BATS_TEST_TMPDIR/six
  export WORLD=$BATS_TEST_TMPDIR/world
  mkdir "$folder"
  site_with | sed 's/192\.0\.2\./2001:db8::/' >"$folder/site.yaml"
  limited "${PYTHON:-python3}" -m osp_compile "$folder/site.yaml" -o "$folder/out"
  sim_up "$folder/out/lab-2"
  rm "$(sim_file undercloud /home/stack/.ssh/known_hosts)"
  run answer_with yes
  expect 0 2001:db8::31 'written to'
  grep -q '^2001:db8::31 ' "$(sim_file undercloud /home/stack/.ssh/known_hosts)"
  run sim_run ssh -n -o BatchMode=yes -o StrictHostKeyChecking=yes heat-admin@2001:db8::31 hostname
  expect 0
}

@test "trust: no controller vouches for itself, nor two of them for each other, and one that is known does" {
  from open
  local known_hosts
  known_hosts=$(sim_file undercloud /home/stack/.ssh/known_hosts)
  awk '{ print "[" $1 "]*", $2, $3 }' "$known_hosts" >"$BATS_TEST_TMPDIR/list"
  cp "$BATS_TEST_TMPDIR/list" "$(sim_file overcloud-controller-0 /etc/ssh/ssh_known_hosts)"
  rm -f "$(sim_file overcloud-controller-1 /etc/ssh/ssh_known_hosts)" "$(sim_file overcloud-controller-2 /etc/ssh/ssh_known_hosts)" "$known_hosts"
  run sim_run ./runbook trust </dev/null
  expect 4
  grep -q '^new *overcloud-controller-0 ' <<<"$output"
  grep -q '^listed *overcloud-controller-1 ' <<<"$output"
  cp "$BATS_TEST_TMPDIR/list" "$(sim_file overcloud-controller-1 /etc/ssh/ssh_known_hosts)"
  run sim_run ./runbook trust </dev/null
  expect 4
  grep -q '^new *overcloud-controller-0 ' <<<"$output"
  sed -n 's/^\[\(192\.0\.2\.11\)\]\*/\1/p' "$BATS_TEST_TMPDIR/list" >"$known_hosts"
  run sim_run ./runbook trust </dev/null
  expect 4
  grep -q '^listed *overcloud-controller-0 ' <<<"$output"
}

@test "trust: known keys that cannot be read are not taken for none" {
  from open
  chmod 000 "$(sim_file undercloud /home/stack/.ssh/known_hosts)"
  run sim_run ./runbook trust </dev/null
  expect 3 'the known host keys cannot be read: /home/stack/.ssh/known_hosts'
}

@test "trust: nobody answering is not known, and a last line without its end is not lost" {
  from open
  local known_hosts node
  known_hosts=$(sim_file undercloud /home/stack/.ssh/known_hosts)
  printf 'git.example.com ssh-rsa AAAAB3' >"$known_hosts"
  run answer_with yes
  expect 0 'written to'
  grep -qx 'git.example.com ssh-rsa AAAAB3' "$known_hosts"
  for node in controller-0 controller-1 controller-2 cephstorage-0 compute-0 compute-1; do
    sim_set "hosts.overcloud-$node.up" false
  done
  run sim_run ./runbook trust </dev/null
  expect 3 'no node has shown a key'
}
