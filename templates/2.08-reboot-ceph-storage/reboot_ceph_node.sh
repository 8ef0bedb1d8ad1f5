# A node that an earlier run began to reboot is only waited for: its gates were passed then.
reboot_ceph_node_requires() { either is_rebooting "$1" -- ceph_node_may_go_down "$1"; }
reboot_ceph_node_satisfied() { needs_no_reboot "$1"; }
reboot_ceph_node_apply() {
  local node=$1
  before_reboot "$node"
  when_no is_rebooting "$node" -- may_lose_connection on "$node" sudo reboot
  await_reboot "$node"
}
reboot_ceph_node_verify() { runs_newest_software "$1"; }

ceph_node_may_go_down() { reboot_is_due "$1" && reboot_would_help "$1" && nobody_is_rebooting && ceph_holds_for_a_reboot; }
