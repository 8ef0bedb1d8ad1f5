#!/usr/bin/env bats
# 2.03  The templates of an NFV site

load helpers
load backups

SECTION=./2.03-prepare-nfv.sh
OURS=/home/stack/templates/osp-runbook

site_with() {
  cat <<YAML
version: 1
site: {name: lab-1, change: CHG0000001, language: en}
roles: {ComputeOvsDpdk: {compute: true, dpdk: true}}
nodes:
- {name: overcloud-controller-0, role: Controller, address: 192.0.2.10}
- {name: overcloud-controller-1, role: Controller, address: 192.0.2.11}
- {name: overcloud-controller-2, role: Controller, address: 192.0.2.12}
- {name: overcloud-computeovsdpdk-0, role: ComputeOvsDpdk, address: 192.0.2.50}
env_files: [/usr/share/openstack-tripleo-heat-templates/environments/network-isolation.yaml]
YAML
  printf '%s\n' "$@"
}

setup_file() {
  base fresh 'nfv: true'
  mkdir -p "$BATS_FILE_TMPDIR/own.files"
  printf 'heat_template_version: 2014-10-16\nparameters: {servers: {type: json}}\n# own words\n' >"$BATS_FILE_TMPDIR/own.files/post-install.yaml"
  base own 'nfv: {post_install: post-install.yaml}'
  # half of the old workaround: without the group
  mkdir -p "$BATS_FILE_TMPDIR/patching.files"
  printf '# sed "s/start/umask 0002 \&\& start/"\n' | cat "$BATS_FILE_TMPDIR/own.files/post-install.yaml" - >"$BATS_FILE_TMPDIR/patching.files/post-install.yaml"
  base patching 'nfv: {post_install: post-install.yaml}'
}

teardown_file() { down_all; }

@test "a fresh run installs our files; a second changes nothing" {
  from fresh
  run sim_run "$SECTION"
  expect 0
  grep -q 'NeutronVhostuserSocketDir: "/var/lib/vhost_sockets"' "$(sim_file undercloud $OURS/nfv-environment.yaml)"
  grep -q 'Group=qemu' "$(sim_file undercloud $OURS/nfv-post-install.yaml)"
  [ ! -e "$(sim_file undercloud $OURS/nfv-site-post-install.yaml)" ]
  rm "$(sim_file undercloud /home/stack/osp-runbook/lab-1/CHG0000001/journal.tsv)"
  changes_nothing sim_run "$SECTION"
  expect 0 '0 steps changed'
}

@test "another version of our file is kept" {
  from fresh
  sim_run bash -c "mkdir -p $OURS && echo old >$OURS/nfv-environment.yaml"
  run sim_run "$SECTION"
  expect 0
  grep -q old "$(sim_file undercloud $OURS)"/nfv-environment.yaml.before-CHG0000001-*
}

@test "the deploy command ends with our file, after the permissions" {
  from fresh
  run sim_run ./2.06-update-overcloud.sh --dry-run
  printf '%s\n' "$output"
  grep -A 1 'environments/ovs-dpdk-permissions.yaml' <<<"$output" | grep -q "$OURS/nfv-environment.yaml"
}

@test "the site's own post-install template would be displaced: refused unless the spec names it" {
  from fresh
  printf 'resource_registry:\n  OS::TripleO::NodeExtraConfigPost: own.yaml\n' \
    >"$(sim_file undercloud /usr/share/openstack-tripleo-heat-templates/environments/network-isolation.yaml)"
  changes_nothing sim_run "$SECTION"
  expect 3 'nfv.post_install'
}

@test "a service file patched by an older workaround is told of" {
  from fresh
  sim_on overcloud-computeovsdpdk-0 true
  file=$(sim_file overcloud-computeovsdpdk-0 /usr/lib/systemd/system/ovs-vswitchd.service)
  [ -e "$file" ] || file=$(sim_file overcloud-computeovsdpdk-0 /etc/systemd/system/ovs-vswitchd.service)
  mkdir -p "${file%/*}"
  printf '[Service]\nGroup=qemu\n' >"$file"
  run sim_run "$SECTION"
  expect 0 'patched by an older workaround'
}

@test "named in the spec it is taken in whole" {
  from own
  run sim_run "$SECTION"
  expect 0
  grep -q 'own words' "$(sim_file undercloud $OURS/nfv-site-post-install.yaml)"
  grep -q 'type: nfv-site-post-install.yaml' "$(sim_file undercloud $OURS/nfv-post-install.yaml)"
  # what it patches is there before ours takes old workarounds out
  grep -A 2 'ClearOldWorkaroundsDeployments:' "$(sim_file undercloud $OURS/nfv-post-install.yaml)" | grep -q 'depends_on: SiteOwn'
}

@test "a template of the site's own that puts the old umask back fails the check" {
  from patching
  run sim_run "$SECTION"
  expect 1 "the site's own post-install.yaml puts the old workaround back"
}
