# What HAProxy reaches on a node.

load ../helpers

setup() { bundle_up; }

@test "what HAProxy reached before a reboot: a server that is on its way up is not reached yet" {
  words '. lib/systems/haproxy.sh; STATE=$WORLD; printf "nova\n" >"$STATE/served-n1"
    find_haproxy_rows() { printf -v SAID "nova\tn1\t%s\nnova\tn2\tDOWN\nheat\tn1\tDOWN" "$SERVER"; }
    for SERVER in UP "UP 1/2" "DOWN 1/2" DOWN MAINT; do ask haproxy_reaches n1; printf "%s " "$ANSWER"; done'
  same 'yes yes no no yes' "${output% }"
}
