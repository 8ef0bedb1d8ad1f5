declare -a ENVS=( -e /etc/osp/a.yaml )
ENVS+=(-e "/etc/osp/b c.yaml")
for one in storage network; do
  ENVS+=(-e "/etc/osp/${one}.yaml")
done
OPTS="--timeout 90 --libvirt-type kvm"
openstack overcloud deploy --templates "${ENVS[@]}" $OPTS
