request_reboot_requires() { either is_rebooting "$1" -- compute_may_go_down "$1"; }
request_reboot_satisfied() { either is_rebooting "$1" -- runs_newest_software "$1"; }
request_reboot_apply() {
  local node=$1
  # departs: empty
  insist compute_may_go_down "$node"
  # records the present boot id and the reason, by which later steps and runs know what is rebooting
  before_reboot "$node"
  may_lose_connection on "$node" sudo reboot
}
request_reboot_verify() { either is_rebooting "$1" -- runs_newest_software "$1"; }

compute_may_go_down() {
  takes_no_instances "$1" && node_is_drained "$1" && on_hyperconverged "$1" ceph_holds_for_a_reboot &&
    reboot_is_due "$1" && reboot_would_help "$1"
}
