# The monitors need a moment to take back the warning that the flags gave.
ceph_health_check() {
  # departs: view
  poll 60 'ceph to report HEALTH_OK, or accepted checks only' ceph_healthy
  if [[ $WAITED == yes ]]; then
    pass "$WHY"
  else
    fail "$WHY" "${REMEDY:-sudo ceph health detail}"
  fi
  ask_ceph status 2>&1 | to_log
}
