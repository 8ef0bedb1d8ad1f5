openstack overcloud deploy --templates -e ~/templates/a.yaml -e $HOME/b.yaml -e "${HOME}/c d.yaml" -r ~stack/roles.yaml
