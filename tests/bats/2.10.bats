#!/usr/bin/env bats
# 2.10  The packages of every node

load helpers
load checks

SCRIPT=./2.10-check-packages.sh

# The world after the whole update: new packages everywhere, and the daemons that came with them.
setup_file() {
  local host
  base old
  simulator copy "$BATS_FILE_TMPDIR/old" "$BATS_FILE_TMPDIR/new"
  export WORLD=$BATS_FILE_TMPDIR/new
  sim_root yum -y update >/dev/null
  for host in controller-0 controller-1 controller-2 cephstorage-0 compute-0 compute-1; do
    sim_on "overcloud-$host" sudo yum -y update >/dev/null
  done
  for host in undercloud overcloud-controller-0 overcloud-controller-1 overcloud-controller-2 overcloud-compute-0 overcloud-compute-1; do
    sim_set "hosts.$host.openvswitch.running" '"2.9.0"'
  done
}
teardown_file() { down_all; }

@test "before the update every node that is too old is told, and the Ceph node is not" {
  from old
  run sim_run "$SCRIPT"
  expect 1 'undercloud: too old' 'overcloud-controller-2: too old' 'overcloud-compute-1: too old' 'failed checks: 2.10/2 2.10/3'
  says_nothing_of 'overcloud-cephstorage-0'
}

@test "after the update it passes, 2.10 being more than 2.9; again and without a journal, and nothing is changed" {
  from new
  sim_mark
  run sim_run "$SCRIPT"
  expect 0 'openvswitch 2.9 and qemu 2.10 or later'
  says_nothing_of 'warn  '
  # what a comparison of strings would say of the same versions
  [[ '2.10' < '2.9' ]]
  rm "$(sim_file undercloud $STATE_FOLDER/journal.tsv)"
  run sim_run "$SCRIPT"
  expect 0
  [ -z "$(sim_changed)" ]
}

@test "an old daemon beside a new tool is found, though ovs-vsctl --version is well" {
  from new
  sim_set hosts.overcloud-compute-0.openvswitch.running '"2.6.1"'
  run sim_on overcloud-compute-0 sudo ovs-vsctl --version
  expect 0 '2.9.0'
  check 2.10/3
  expect 1 'overcloud-compute-0: openvswitch 2.6.1 runs, but 2.9.0 is installed'
}

@test "a package that is only on offer is not installed" {
  from new
  sim_on overcloud-compute-1 sudo yum list qemu-kvm-rhev
  sim_set hosts.overcloud-compute-1.packages.qemu-kvm-rhev '[]'
  check 2.10/2
  expect 1 'overcloud-compute-1: not installed: qemu-kvm-rhev'
}

@test "a newer version on offer is a warning" {
  from new
  sim_set hosts.overcloud-controller-1.offers.openvswitch '"2.9.0-83.el7fdp"'
  check 2.10/2
  expect 0 'overcloud-controller-1: newer on offer: openvswitch'
}

@test "repositories that do not answer are no answer, also where the node needs none of the packages" {
  from new
  sim_set hosts.overcloud-cephstorage-0.repositories false
  check 2.10/2
  expect 1 'overcloud-cephstorage-0 does not answer'
}

@test "a node that is down is a failure, and the others are judged" {
  from new
  sim_set hosts.overcloud-compute-1.up false
  sim_set hosts.overcloud-compute-0.openvswitch.running '"2.6.1"'
  check 2.10/3
  expect 1 'overcloud-compute-1 does not answer' 'overcloud-compute-0: openvswitch 2.6.1 runs'
}
