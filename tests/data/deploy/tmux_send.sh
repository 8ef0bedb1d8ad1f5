tmux send-keys -t deploy "openstack overcloud deploy --templates -e /t/a.yaml" C-m
