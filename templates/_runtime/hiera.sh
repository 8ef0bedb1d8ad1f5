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
  services=$(as_root_on "$1" hiera_value service_names) || {
    why "the services of $1 cannot be read: $(tail --lines=1 "$SCRATCH/stderr")" "on $1: sudo hiera service_names"
    return 2
  }
  [[ $services == *\""$2"\"* ]]
}
