#!/bin/bash
V=b
case "$V" in
  a|b) F=ab ;;
  "b") F=b ;;
esac
[[ $V == [a-c] ]] && G=in || G=out
[[ $V != "[a-c]" ]] && H=in || H=out
openstack overcloud deploy --templates -e /t/$F-$G-$H.yaml
