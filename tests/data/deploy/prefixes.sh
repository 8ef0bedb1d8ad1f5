cd /home/stack
nohup sudo -u stack env PYTHONUNBUFFERED=1 timeout -k 10 4h nice -n 5 /usr/bin/openstack --debug overcloud deploy --templates -e a.yaml &> deploy.log &
