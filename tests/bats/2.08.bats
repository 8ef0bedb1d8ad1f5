#!/usr/bin/env bats
# 2.08  Rebooting the Ceph Storage nodes

load helpers
load reboots

SECTION=./2.08-reboot-ceph-storage.sh

setup_file() {
  base fresh 'nodes:' \
    '- {name: ctl-0, role: Controller, address: 192.0.2.10}' \
    '- {name: ctl-1, role: Controller, address: 192.0.2.11}' \
    '- {name: ctl-2, role: Controller, address: 192.0.2.12}' \
    '- {name: osd-0, role: CephStorage, address: 192.0.2.30}' \
    '- {name: osd-1, role: CephStorage, address: 192.0.2.31}'
  due osd-0 osd-1
  keep done
  WORLD=$BATS_FILE_TMPDIR/done section >"$BATS_FILE_TMPDIR/done.output" 2>&1 || cat "$BATS_FILE_TMPDIR/done.output"
}
teardown_file() { down_all; }

@test "a fresh run: each node once, one after the other, and the flags are gone" {
  from done
  cat "$BATS_FILE_TMPDIR/done.output"
  grep -q 'exit 0$' "$BATS_FILE_TMPDIR/done.output"
  [ "$(boots osd-0)$(boots osd-1)" = 11 ]
  [[ $(flags) != *noout* && $(flags) != *norebalance* && $(claims) == '{}' ]]
}

@test "a second run changes nothing, with the journal and without it" {
  from done
  changes_nothing section
  expect 0 'not needed'
  lose_journal
  changes_nothing section
  expect 0 'not needed'
}

@test "a flag of somebody else refuses, is left alone, and is attested" {
  from fresh
  sim_set ceph.flags '["noout"]'
  changes_nothing section
  expect 3 'noout is already set, and not by this change' 'attest 2.08/1'
}

@test "a monitor out of the quorum refuses" {
  from fresh
  sim_set ceph.mons.ctl-1.up false
  changes_nothing section
  expect 3 '2 of 3 Ceph monitors'
}

@test "one unclean placement group of a thousand refuses: health and a grep for active+clean would not tell" {
  from fresh
  sim_set ceph.stuck '{"active+undersized+degraded": 1}'
  sim_on ctl-0 sudo ceph -s | grep -q active+clean
  changes_nothing section
  expect 3 '1023 of 1024 placement groups'
}

@test "an OSD that is down refuses" {
  from fresh
  sim_set ceph.osds.0.up false
  changes_nothing section
  expect 3 'OSDs are up'
}

@test "no monitor that answers is no answer: it stops, and nothing is changed" {
  from fresh
  for node in ctl-0 ctl-1 ctl-2; do sim_set "hosts.$node.up" false; done
  changes_nothing section
  expect 3 'cannot tell'
}

@test "a node that cannot be asked is neither done nor due" {
  from fresh
  sim_set hosts.osd-1.up false
  changes_nothing section --node osd-1
  expect 3 'cannot tell'
}

@test "OSDs that are up minutes after their node are waited for by name" {
  from fresh
  sim_set hosts.osd-0.osd_seconds 400
  run section
  expect 0 'waiting for all OSDs to be up (3 of 6 OSDs are up'
  [ "$(boots osd-0)$(boots osd-1)" = 11 ]
  [[ $(flags) != *noout* && $(flags) != *norebalance* ]]
}

@test "a node that does not come back: noout stays and says so, norebalance goes, and the same command goes on when it is back" {
  from fresh
  sim_set hosts.osd-0.returns false
  run section
  expect 1 'noout STAYS SET' 'power state (ironic)'
  [[ $(flags) == *noout* && $(flags) != *norebalance* ]]
  [ "$(boots osd-1)" = 0 ]
  simulator fire "$WORLD" host_up '{"host": "osd-0"}'
  run section
  expect 0
  [ "$(boots osd-0)$(boots osd-1)" = 11 ]
  [[ $(flags) != *noout* && $(claims) == '{}' ]]
}

@test "ssh that ends cleanly after reboot proves nothing: the new boot id is waited for" {
  from fresh
  sim_set hosts.osd-0.reboot_ssh '"clean"'
  run section --node osd-0
  expect 0
  [ "$(boots osd-0)" = 1 ]
}

@test "a boot that does not bring the new kernel fails, and is not tried a second time" {
  from fresh
  sim_set hosts.osd-0.keeps_kernel true
  run section --node osd-0
  expect 1 'needs a reboot'
  simulator advance "$WORLD" 600
  run section --node osd-0
  expect 3 'was already rebooted in this change, but the reason remains'
  [ "$(boots osd-0)" = 1 ]
}

@test "a reboot that was asked for and did not happen passes the gates again" {
  from fresh
  sim_fault '^sudo reboot' 'exit 1 no such luck'
  run section --node osd-0
  expect 1
  sim_set faults '[]'
  sim_set ceph.osds.5.up false
  run section --node osd-0
  expect 3 'OSDs are up'
  [ "$(boots osd-0)" = 0 ]
}

@test "--step asks whether the flags are really set" {
  from fresh
  run section --step 2.08/2 --node osd-0
  expect 3
  [ "$(boots osd-0)" = 0 ]
}
