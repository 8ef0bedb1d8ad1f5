# What HAProxy reaches on a node.

load ../helpers

setup() { bundle_up; }

@test "what HAProxy reached before a reboot: a server that is on its way up is not reached yet" {
  words '. lib/systems/haproxy.sh; STATE=$WORLD; printf "nova\n" >"$STATE/served-n1"
    find_haproxy_rows() { printf -v SAID "nova\tn1\t%s\nnova\tn2\tDOWN\nheat\tn1\tDOWN" "$SERVER"; }
    for SERVER in UP "UP 1/2" "DOWN 1/2" DOWN MAINT; do ask haproxy_reaches n1; printf "%s " "$ANSWER"; done'
  same 'yes yes no no yes' "${output% }"
}

# beside ROWS...: whether what HAProxy reaches on n1 it reaches on another node too. A row is PROXY/SERVER/STATUS.
beside() {
  printf '%s\n' "$@" >"$WORLD/rows"
  words '. lib/systems/haproxy.sh
    find_haproxy_rows() { SAID=$(tr / "\t" <"$WORLD/rows"); }
    ask haproxy_reaches_beside n1; echo "$ANSWER $WHY"'
}

@test "what HAProxy reaches on n1 it reaches on another node too: only what is up, or not checked, counts there" {
  local status
  for status in UP 'no check'; do
    beside nova/n1/UP nova/n2/DOWN "nova/n3/$status"
    [[ $output == 'yes '* ]]
  done
  for status in DOWN 'DOWN 1/2' 'UP 1/2' MAINT DRAIN NOLB; do
    beside nova/n1.internalapi.localdomain/UP nova/n2/DOWN "nova/n3/$status" heat/N1/UP heat/n2/DOWN glance/n1/UP glance/n2/UP
    same 'no haproxy reaches on n1 alone: heat, nova' "$output"
  done
}

@test "what HAProxy reaches on n1 alone by design, or does not reach there now, does not keep n1 up" {
  beside redis/n1/UP redis/n2/DOWN mysql/n1/DOWN mysql/n2/DOWN horizon/n1/MAINT horizon/n2/DOWN own/n1/UP
  [[ $output == 'yes '* ]]
  beside ''
  [[ $output == 'yes '* ]]
}

@test "statistics that name no server are no answer" {
  words '. lib/systems/haproxy.sh; HAPROXY=auto
    find_haproxy_node() { SAID=n1; }
    hear_root_on() { SAID="# pxname,svname,status,"; }
    ask find_haproxy_rows; echo "$ANSWER $WHY"'
  same "unknown haproxy's statistics cannot be read on n1: no reason given" "$output"
}
