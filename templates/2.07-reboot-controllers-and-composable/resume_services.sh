resume_services_requires() { opposite is_rebooting "$1"; }
resume_services_satisfied() { opposite is_rebooting "$1" && no_service_record "$1"; }
resume_services_apply() {
  local node=$1
  wait_until "$TIMEOUT_REBOOT" "the services of $node to run" node_serves_again "$node"
  # departs: services
  on "$node" sudo systemctl list-units --type=service --state=failed --no-pager 2>&1 | to_log
  as_root_on "$node" drop_record "$SERVICE_RECORD"
  # what HAProxy had of this node before the reboot: record_what_runs has kept it
  rm --force -- "$STATE/served-$node"
}
resume_services_verify() { no_service_record "$1" && services_up_on "$1"; }

node_serves_again() { services_are_back "$1" && services_up_on "$1" && monitors_are_in_quorum "$1" && haproxy_reaches "$1"; }
