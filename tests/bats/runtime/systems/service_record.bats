# The services that ran on a node before its reboot.

load ../helpers

setup() { bundle_up; }

@test "services of before a reboot: one that is still being started does not run" {
  printf '%s\n' 'running a.service' 'running b.service' 'failed c.service' >"$WORLD/services"
  tool systemctl 'if [[ $1 == list-units ]]; then echo "c.service loaded failed failed C"; else printf "%s\n" activating reloading; fi'
  words '. "$BUNDLE/lib/systems/service_record.sh"; missing_services "$WORLD/services"'
  same 'a.service is not running' "$output"
}
