ceph_osds_check() {
  settle 'all OSDs to be up' judge_soon ceph_all_osds_up
  tell_of_gone_osds
  pass_unless_found 'every OSD is up'
}
