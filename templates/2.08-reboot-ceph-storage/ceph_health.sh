# The monitors need a moment to clear the warning about the flags.
ceph_health_check() {
  # departs: view
  poll 60 'ceph to report HEALTH_OK, or accepted checks only' ceph_healthy
  if [[ $WAITED == yes ]]; then
    pass "$WHY"
  else
    fail "$WHY" "${REMEDY:-on monitor: sudo ceph health detail}"
  fi
  ask_ceph status 2>&1 | to_log
}
