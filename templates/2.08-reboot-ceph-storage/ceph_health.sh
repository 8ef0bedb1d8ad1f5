ceph_health_check() { pass_or_fail 'ceph reports HEALTH_OK' 'sudo ceph health detail' ceph_healthy; }
