case $1 in
  small) SIZE=small ;;
  *) SIZE=large ;;
esac
CMD="openstack overcloud deploy --templates -e /t/a.yaml -e /t/size.yaml"
eval "$CMD"
