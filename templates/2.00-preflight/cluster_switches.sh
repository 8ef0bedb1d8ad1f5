# The properties of the cluster that the update in 2.06 may change.
cluster_switches_check() {
  local value
  if ! value=$(printed find_cluster_property stonith-enabled); then
    fail 'cannot read the properties of the cluster' 'on controller: sudo pcs property show'
  elif [[ $FENCING == yes && $value == false ]]; then
    warn 'the spec says fencing is on, but stonith-enabled is false' "$(section_named update-overcloud) will set it; correct the spec if it should stay off" \
      '# fencing: instead of fencing: true, if it should stay off' '# fencing: false'
  elif [[ $FENCING == no && $value != false ]]; then
    warn "the spec says there is no fencing, but stonith-enabled is ${value:-true by default}" 'correct fencing in the spec' \
      '# fencing: add, or instead of fencing: false' 'fencing: true'
  fi
  value=$(printed find_cluster_property maintenance-mode)
  if [[ $value == true ]]; then fail 'the cluster is in maintenance mode' 'on controller: sudo pcs property set maintenance-mode=false'; fi
  pass_unless_found 'fencing is as the spec says, and the cluster is not in maintenance mode'
}
