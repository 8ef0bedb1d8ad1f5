# Dumps of databases.

load ../helpers

setup() { bundle_up; }

@test "2.02: a dump that lacks a schema does not hold what it must" {
  words ". '$REPOSITORY/templates/2.02-back-up-control-plane/dump_databases.sh'; . lib/systems/databases.sh"'
    printf "%s\n" "CREATE DATABASE a" "CREATE DATABASE b" "-- Dump completed on" >"$WORLD/dump"
    for count in 1 2 3; do if dump_must_hold "$WORLD/dump" "$count" 2>/dev/null; then echo "$count"; fi; done'
  same 2 "$output"
}
