# What Redis says, and its dump.

load ../helpers

setup() { bundle_up; }

@test "2.02: where two nodes call themselves redis masters neither is dumped" {
  words '. lib/systems/redis.sh; find_some_nodes_with() { printf -v SAID "n1\nn2\nn3"; }
    hear_root_on() { SAID=role:slave; if [[ " $MASTERS " == *" $1 "* ]]; then SAID=role:master; fi; }
    for MASTERS in n2 "n1 n3" "n2 n1" ""; do ask redis_master; printf " %s " "$ANSWER"; done'
  same 'n2 yes  unknown  unknown  no ' "$output"
}
