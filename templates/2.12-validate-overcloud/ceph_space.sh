ceph_space_check() {
  local answer used
  # departs: json
  if ! answer=$(ask_ceph df --format json) || ! used=$(parse ceph used <<<"$answer") || ! numbers used; then
    fail 'cannot tell how full ceph is' 'on monitor: sudo ceph df'
    return
  fi
  ask_ceph df 2>&1 | to_log
  if ((used >= DISK_FAIL)); then
    fail "ceph is $used % full" 'add OSDs or delete data ;; on monitor: sudo ceph df'
  elif ((used >= DISK_WARN)); then
    warn "ceph is $used % full" 'on monitor: sudo ceph df'
  else
    pass "ceph is $used % full"
  fi
}
