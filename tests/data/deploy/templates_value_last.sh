openstack overcloud deploy -e /opt/tht/environments/net.yaml --answers-file /opt/answers.yaml --templates=/opt/tht
