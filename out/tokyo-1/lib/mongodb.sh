# MongoDB: Telemetry's on the controllers, zaqar's on the undercloud.

# mongodb_node: prints the first node that runs it, nothing where none does. The control plane comes first, then nodes of other custom roles.
mongodb_node() {
  local node status
  while IFS= read -r node; do
    status=0
    runs_service "$node" mongodb || status=$?
    case $status in
      0)
        printf '%s' "$node"
        return 0
        ;;
      1) ;;
      *) return 2 ;;
    esac
  done < <({ nodes_in control_plane && nodes_in composable; } | awk '!seen[$0]++')
}

# site_has_no_mongodb: as the spec says, or else as the nodes do.
site_has_no_mongodb() {
  local node
  if [[ $MONGODB == true ]]; then return 1; fi
  node=$(mongodb_node) || return 2
  why 'no node runs MongoDB'
  [[ -z $node ]]
}

# mongodb_primary NODE: prints the address of the primary, which need not be the node that is asked.
mongodb_primary() {
  local address answer
  local -a family=()
  why "MongoDB on $1 does not answer" "on $1: sudo systemctl status mongod; sudo hiera mongodb::server::bind_ip"
  hear_root_on "$1" hiera_value mongodb::server::bind_ip || return 2
  address=$SAID
  if [[ $address == *:* ]]; then
    # in brackets and with its port, or the client takes the last part of the address for one
    address="[$address]:27017"
    family=(--ipv6)
  fi
  hear_on "$1" mongo --quiet "${family[@]+"${family[@]}"}" --host "$address" --eval 'print(db.isMaster().primary)' || return 2
  answer=$SAID
  why "MongoDB on $1 knows no primary: $answer" "on $1: mongo --host $address --eval 'rs.status()'"
  [[ $answer == *:* ]] || return 1
  printf '%s' "$answer"
}

mongodb_has_primary() { mongodb_primary "$1" >/dev/null; }

# zaqar's, on the undercloud: a unit that runs or would run after a reboot.
undercloud_has_no_mongodb() {
  local active enabled
  active=$(systemctl is-active mongod) || [[ -n $active ]] || return 2
  enabled=$(systemctl is-enabled mongod) || :
  why 'the undercloud runs no MongoDB'
  [[ $active != active && $enabled != enabled ]]
}
