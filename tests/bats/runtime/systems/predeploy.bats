# What the client checks before it takes a plan.

load ../helpers

setup() { bundle_up; }

@test "whether this undercloud has deployed a node, by the spec; and what ironic is at work on" {
  words 'no_node_deployed_here || echo some; NODE_GROUPS=([n1]=,all,deployed_server, [n2]=,all,deployed_server,) NODES=(n1 n2); no_node_deployed_here && echo none
    . "$BUNDLE/lib/systems/predeploy.sh"
    for state in deploying "clean wait" wait_call_back active available "deploy failed" error; do if ironic_works_on "$state"; then printf "%s, " "$state"; fi; done'
  same 'some|none|deploying, clean wait, wait_call_back, ' "$(paste -sd'|' <<<"$output")"
}
