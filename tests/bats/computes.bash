# What the suites of 2.09 share: a site of three computes, the world of a policy, and words about instances and services.

nodes() {
  printf '%s\n' 'nodes:' \
    '- {name: ctl-0, role: Controller, address: 192.0.2.10}' \
    '- {name: ctl-1, role: Controller, address: 192.0.2.11}' \
    '- {name: ctl-2, role: Controller, address: 192.0.2.12}' \
    '- {name: cmp-0, role: Compute, address: 192.0.2.40}' \
    '- {name: cmp-1, role: Compute, address: 192.0.2.41}' \
    '- {name: cmp-2, role: Compute, address: 192.0.2.42}'
}

# The world of a policy: cmp-0 alone is due, with the seed's two instances on it.
policy() {
  local name=$1
  shift
  base "$name" "$(nodes)" "$@"
  due cmp-0
}

instance() { sim_get "nova.overcloud.servers.$1.$2" | tr -d '"'; }
service() { simulator get "$WORLD" nova.overcloud.services | grep -o "{[^}]*nova-compute[^}]*$1.localdomain[^}]*}"; }
is_enabled() { [[ $(service "$1") == *'"enabled": true'* || $(service "$1") != *'"enabled": false'* ]]; }
