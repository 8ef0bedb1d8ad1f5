# The compute services of nova.

load ../helpers

setup() { bundle_up; }

@test "no routers and no hypervisors at all: an empty list is an answer, and anything else is not" {
  touch "$HOUSE/overcloudrc"
  tool neutron 'cat "$WORLD/said"'
  tool openstack 'cat "$WORLD/said"'
  for said in '[]' '' '{}' '[{"id": "--help"}]' '[{"id": "*"}]'; do
    printf '%s' "$said" >"$WORLD/said"
    words '. "$BUNDLE/lib/systems/nova.sh"; . "$BUNDLE/lib/systems/cloud.sh"; ask routers_survive_without n1; echo "$ANSWER"'
    if [[ $said == '[]' ]]; then same yes "$output"; else same unknown "$output"; fi
  done
  for said in 'n1.localdomain' 'n1.localdomain n1.localdomain.old' '' 'n11.localdomain' 'n1x'; do
    printf '%s\n' $said >"$WORLD/said"
    words '. "$BUNDLE/lib/systems/nova.sh"; find_compute_host() { SAID=n1.localdomain; }; ask evacuation_names_one_compute n1; printf "%s " "$ANSWER"'
    printf '%s' "$output"
  done >"$WORLD/answers"
  same 'yes no unknown unknown unknown ' "$(<"$WORLD/answers")"
}

@test "2.09: a compute is evacuated where its name is part of no other, neither of its beginning nor of its end" {
  words '. lib/systems/nova.sh; find_compute_host() { SAID=cmp-1; }; hear_overcloud() { SAID=${LIST// /$NEWLINE}; }
    for LIST in "cmp-1 cmp-2" "cmp-1 cmp-10" "cmp-1 big-cmp-1" "cmp-1 a-CMP-1-b" cmp-2; do ask evacuation_names_one_compute cmp-1; printf "%s " "$ANSWER"; done'
  same 'yes no no no unknown' "${output% }"
}

@test "a node has the compute service with its short or its full name, if there is exactly one" {
  words '. lib/systems/nova.sh; find_names_of_computes() { SAID=${LIST// /$NEWLINE}; }
    for LIST in cmp-1.lab "cmp-1.lab cmp-10.lab" "cmp-1 cmp-1.lab" "CMP-1.lab cmp-1.old" cmp-2.lab; do
      rm -f "$SCRATCH"/compute-host-*
      SAID=; ask find_compute_host cmp-1; printf "%s " "$ANSWER"
    done'
  same 'yes yes unknown unknown unknown' "${output% }"
}
