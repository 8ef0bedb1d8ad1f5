#!/usr/bin/env bats
# 2.05  The images on the undercloud

load helpers
load backups

SECTION=./2.05-update-images.sh
IMAGES=/home/stack/images

setup_file() {
  base fresh
  simulator copy "$BATS_FILE_TMPDIR/fresh" "$BATS_FILE_TMPDIR/updated"
  WORLD=$BATS_FILE_TMPDIR/updated update >"$BATS_FILE_TMPDIR/updated.output" 2>&1
}

teardown_file() { down_all; }

update() { sim_run "$SECTION" --yes --force-gate 'a lab' "$@"; }

@test "a fresh run brings the packaged images to glance, /httpboot and the nodes; a second changes nothing" {
  from updated
  run cat "$BATS_FILE_TMPDIR/updated.output"
  printf '%s\n' "$output"
  told_well
  grep -q 'every node names the kernel' "$BATS_FILE_TMPDIR/updated.output"
  cmp "$(sim_file undercloud $IMAGES/ironic-python-agent.kernel)" "$(sim_file undercloud /httpboot/agent.kernel)"
  has_nothing_to_do update
}

@test "what stood in the images folder is kept beside it" {
  from fresh
  sim_run bash -c "mkdir -p $IMAGES && echo customised >$IMAGES/overcloud-full.qcow2"
  run update
  expect 0
  grep -q customised "$(sim_file undercloud /home/stack)"/images.before-CHG0000001-*/overcloud-full.qcow2
}

@test "a symbolic link is not renamed" {
  from fresh
  sim_run bash -c "cd; rm -rf $IMAGES; mkdir elsewhere && echo x >elsewhere/y && ln -s \$HOME/elsewhere $IMAGES"
  changes_nothing update
  expect 3 'symbolic link'
}

@test "packages without the archives: cannot tell" {
  from fresh
  sim_root rm /usr/share/rhosp-director-images/overcloud-full-latest-10.0.tar ||
    rm "$(sim_file undercloud /usr/share/rhosp-director-images/overcloud-full-latest-10.0.tar)"
  changes_nothing update
  expect 3 'sudo yum install rhosp-director-images'
}

@test "glance that does not answer: cannot tell" {
  from fresh
  sim_fault 'openstack image list' 'exit 1 Unable to establish connection'
  changes_nothing update
  expect 3 'glance does not answer'
}

@test "an upload that exits 0 and uploads nothing is caught" {
  from fresh
  sim_fault '^openstack overcloud image upload' 'exit 0 '
  run update
  expect 1 'is not as packaged'
}

@test "nodes that keep the old kernel are caught" {
  from fresh
  sim_set ironic.undercloud.nodes.0.driver_info '{"deploy_kernel": "old", "deploy_ramdisk": "old"}'
  sim_fault '^openstack overcloud node configure' 'exit 0 '
  run update
  expect 1 'other deploy images'
}

@test "a file in the images folder that was damaged since is extracted again, and not uploaded" {
  from fresh
  run update --step 2.05/2
  run update --step 2.05/3
  expect 0
  echo damaged >"$(sim_file undercloud $IMAGES/ironic-python-agent.initramfs)"
  run update
  expect 0
  refute grep -q damaged "$(sim_file undercloud /httpboot/agent.ramdisk)"
  refute grep -q damaged "$(sim_file undercloud $IMAGES/ironic-python-agent.initramfs)"
}

@test "without room for the images, and a tenth more, nothing is extracted" {
  local size
  from fresh
  size=$(sim_run bash -c 'stat --dereference --format %s /usr/share/rhosp-director-images/{overcloud-full,ironic-python-agent}-latest-10.0.tar' | awk '{ sum += $1 } END { print sum }')
  sim_run rm -r "$IMAGES"
  sim_set hosts.undercloud.disks.0.used $((500 * 10 ** 9 - size - size / 20))
  changes_nothing sim_run "$SECTION" --yes --force-gate 'a lab' --step 2.05/3
  expect 3 "but the images need $((size + size / 10))"
}

@test "an extraction that was cut short is done again" {
  from fresh
  sim_run bash -c "cd; rm -rf $IMAGES; mkdir $IMAGES; touch $IMAGES/.extracting; echo half >$IMAGES/overcloud-full.qcow2"
  run update
  expect 0
  [ ! -e "$(sim_file undercloud $IMAGES/.extracting)" ]
}
