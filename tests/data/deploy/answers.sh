openstack overcloud deploy --answers-file ~/answers.yaml --ntp-server pool.ntp.org
