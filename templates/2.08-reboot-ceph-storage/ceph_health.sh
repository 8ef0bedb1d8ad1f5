# The monitors need a moment to take back the warning that the flags gave.
ceph_health_check() {
  # departs: view
  if wait_until 60 'ceph to report HEALTH_OK' ceph_healthy; then
    pass 'ceph reports HEALTH_OK'
  else
    fail "$WHY" "${REMEDY:-sudo ceph health detail}"
  fi
  ask_ceph status >>"$LOG" 2>&1
}
