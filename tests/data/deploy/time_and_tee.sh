cd ~
time yes "" | openstack overcloud deploy --templates -e net.yaml --debug 2>&1 | tee -a deploy.log
