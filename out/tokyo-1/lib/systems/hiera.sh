# Puppet's own data on a host: passwords and addresses. Run by root there.

# hiera_value KEY: a key that is not there is printed as nil, with success.
hiera_value() {
  local value
  value=$(hiera "$1") || value=nil
  if [[ $value == nil && -e /etc/puppet/hiera.yaml ]]; then
    value=$(hiera -c /etc/puppet/hiera.yaml "$1")
  fi
  if [[ -z $value || $value == nil ]]; then
    printf 'hiera has no %s\n' "$1" >&2
    return 1
  fi
  printf '%s\n' "$value"
}

# runs_service NODE SERVICE: is it one of the TripleO services of this node?
runs_service() {
  local services
  hear_root_on "$1" hiera_value service_names || {
    why "the services of $1 cannot be read: $(said_last)" "on $1: sudo hiera service_names"
    return 2
  }
  services=$SAID
  [[ $services == *\""$2"\"* ]]
}

# find_nodes_with SERVICE: sets SAID: the nodes of the control plane that run it, one per line: a site may have given Galera or RabbitMQ a
# role of its own. They are asked once a run, since services stay on their nodes. If one does not answer, it cannot tell.
find_nodes_with() {
  local known=$SCRATCH/nodes-with-$1 node nodes=''
  if [[ ! -e $known ]]; then
    gather control_plane runs_service "$1"
    for node in "${NODES[@]}"; do
      if ! node_is "$node" control_plane; then continue; fi
      find_gathered_status "$node" || return 2
      case $SAID in
        0) nodes+=$node$'\n' ;;
        1) ;;
        *) return 2 ;;
      esac
    done
    printf '%s' "$nodes" >"$known.new" || return 2
    mv -- "$known.new" "$known" || return 2
  fi
  IFS= read -r -d '' SAID <"$known" || :
  SAID=${SAID%$'\n'}
}

# find_some_nodes_with SERVICE: the same; if no node has it, it cannot tell.
find_some_nodes_with() {
  find_nodes_with "$1" || return 2
  if [[ -z $SAID ]]; then
    why "no node of the control plane has $1 among its services" 'on control_plane: sudo hiera service_names'
    return 2
  fi
}
some_nodes_with() { printed find_some_nodes_with "$@"; }

# if_among NODE NODES FUNCTION: for gather, where some nodes of a group are asked and the others stay silent.
if_among() {
  if has_line "$1" "$2"; then "$3" "$1"; fi
}
