ceph_is_well_check() { judge_ceph_health; }
