runuser -l stack -c "source ~/stackrc; openstack overcloud  deploy --templates -e net.yaml"
sudo -iu stack tmux new -d -s oc "openstack overcloud   deploy --templates -e /t/b.yaml"
