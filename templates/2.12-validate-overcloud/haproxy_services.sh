haproxy_services_check() {
  # departs: credentials
  judge_balancer settle 'haproxy to reach every service'
  pass_unless_found 'every service behind haproxy is up'
}
