#!/bin/bash -x
STACKNAME=rht
if [ "$#" -lt 1 ]; then
  echo "Pass: $0 deploy"
  exit 1
fi
function deployRHOSP {
time openstack overcloud deploy --templates \
  --environment-directory ~/environments \
  --timeout 90 \
  --verbose \
  --stack $STACKNAME
}
function updateOC {
openstack overcloud update stack -i $STACKNAME
}
case $1 in
  deploy) deployRHOSP ;;
  updateOC) updateOC ;;
esac
