cloud_credentials_check() {
  pass_or_fail "$UNDERCLOUD_HOME/stackrc opens a session" "check that $UNDERCLOUD_HOME/stackrc belongs to this undercloud" undercloud_session
}

undercloud_session() {
  local expires
  # of the token its expiry alone: the rest is a secret
  # departs: one-command
  hear_undercloud openstack token issue -f value -c expires || return 2
  expires=$SAID
  [[ -n $expires ]]
}
