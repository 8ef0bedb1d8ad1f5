LOG=attempts.log
logged() {
  echo "$*" >> $LOG
  eval $*
  [ $? -eq 0 ] || openstack stack failures list --long prod >> $LOG
}
logged time openstack overcloud deploy --stack prod \
  --templates -e /t/nodes.yaml --verbose
