STACK=${STACK:-overcloud}
openstack overcloud deploy --stack ${STACK} --templates -e ${DIR:=/t}/a.yaml -e $DIR/b.yaml
