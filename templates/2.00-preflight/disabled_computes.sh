disabled_computes_check() {
  judge_list judge_disabled 'compute services' services with_overcloudrc openstack compute service list --long -f json
  pass_unless_found 'no compute service is disabled'
}

judge_disabled() {
  local host binary status state reason
  while IFS=$'\t' read -r host binary status state reason; do
    if [[ $status == enabled ]]; then continue; fi
    if [[ $reason == "$CHANGE:"* ]]; then
      warn "$host: $binary ($state) is disabled by this change: $reason" "$(how_to_enable "$host")"
    else
      warn "$host: $binary ($state) is disabled; its owner's reason: $reason" "it stays as it is; $(section_named reboot-computes) reboots the node and never enables it"
    fi
  done
}
