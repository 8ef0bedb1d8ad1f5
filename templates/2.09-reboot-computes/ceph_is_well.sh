# The monitors need a moment to clear the warning about the flags.
ceph_is_well_check() {
  poll 60 'ceph to report HEALTH_OK, or accepted checks only' ceph_healthy
  if [[ $WAITED == yes ]]; then
    pass "$WHY"
  else
    fail "$WHY" "${REMEDY:-on monitor: sudo ceph health detail}"
  fi
}
