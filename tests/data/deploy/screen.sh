screen -dmS deploy bash -c 'source ~/stackrc && openstack overcloud deploy --templates -e /t/a.yaml |& tee ~/deploy.log'
