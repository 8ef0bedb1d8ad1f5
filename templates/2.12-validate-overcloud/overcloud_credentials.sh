overcloud_credentials_check() {
  pass_or_fail "$UNDERCLOUD_HOME/${STACK}rc opens a session" "see that $UNDERCLOUD_HOME/${STACK}rc is this overcloud's" overcloud_session
}

overcloud_session() {
  local expires
  # departs: one-command
  hear_overcloud openstack token issue -f value -c expires || return 2
  expires=$SAID
  [[ -n $expires ]]
}
