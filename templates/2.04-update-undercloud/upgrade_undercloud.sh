upgrade_undercloud_requires() { undercloud_updated python-tripleoclient && no_process_like 'openstack undercloud upgrade'; }
# New packages prove that yum has run, not that the configuration after it has: a record of root remains until both have.
upgrade_undercloud_satisfied() { no_half_upgrade && undercloud_updated; }
upgrade_undercloud_apply() {
  local now
  # departs: patched
  keep_patched_files ''
  now=$(date --utc +%Y-%m-%dT%H:%M:%SZ)
  # what the repositories offer before yum runs: later offers are not part of this change
  keep_offers offers-undercloud list_undercloud_offers
  keep_record undercloud-upgrade "begun $now"
  # departs: watched
  watched 7200 'the undercloud upgrade' openstack undercloud upgrade
  forget_record undercloud-upgrade
}
upgrade_undercloud_verify() { no_half_upgrade && undercloud_updated; }

half_upgraded() {
  local begun
  find_record undercloud-upgrade || return 2
  begun=$SAID
  [[ -n $begun ]]
}

no_half_upgrade() {
  local begun
  find_record undercloud-upgrade || return 2
  begun=$SAID
  why "an undercloud upgrade of this change was $begun and did not complete" "look into $STATE/logs/the-undercloud-upgrade.log"
  [[ -z $begun ]] || return 1
  why 'nothing newer is on offer'
}
