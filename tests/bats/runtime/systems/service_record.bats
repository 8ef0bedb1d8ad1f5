# The services that ran on a node before its reboot.

load ../helpers

setup() { bundle_up; }

@test "services of before a reboot: one that is still being started does not run" {
  printf '%s\n' 'running a.service' 'running b.service' 'failed c.service' >"$WORLD/services"
  tool systemctl 'if [[ $1 == list-units ]]; then echo "c.service loaded failed failed C"; else printf "%s\n" activating reloading; fi'
  tool ip 'true'
  words '. "$BUNDLE/lib/systems/service_record.sh"; missing_services "$WORLD/services"'
  same 'a.service is not running' "$output"
}

@test "routers of before a reboot: those whose namespace is not there, whatever else is" {
  printf '%s\n' 'router 0a' 'router 0b' 'failed c.service' >"$WORLD/services"
  tool systemctl 'true'
  tool ip 'if [[ $* == "netns list" ]]; then printf "%s\n" "qrouter-0b (id: 1)" "qdhcp-0a" "qrouter-0c"; fi'
  words '. "$BUNDLE/lib/systems/service_record.sh"; missing_services "$WORLD/services"'
  same 'router 0a' "$output"
  tool ip 'true'
  words '. "$BUNDLE/lib/systems/service_record.sh"; missing_services "$WORLD/services"'
  same 'router 0a router 0b' "$(paste -sd' ' <<<"$output")"
}
