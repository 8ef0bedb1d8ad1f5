overcloud_credentials_check() {
  pass_or_fail "$UNDERCLOUD_HOME/${STACK}rc opens a session" "check that $UNDERCLOUD_HOME/${STACK}rc belongs to this overcloud" overcloud_session
}

overcloud_session() {
  local expires
  # departs: one-command
  hear_overcloud openstack token issue -f value -c expires || return 2
  expires=$SAID
  [[ -n $expires ]]
}
