openstack overcloud deploy --templates -e /t/$(hostname -s).yaml --log-file deploy-$(date +%F).log
