# What the control plane's cluster says in the words of RHEL 7's releases, as they stand in tests/data/rhel7.

load ../helpers

SAMPLES="$REPOSITORY/tests/data/rhel7"

# Every node answers; n2 is the only one in the cluster. crm_mon prints $WORLD/status, and $WORLD/purpose has what is meant for a resource.
setup() {
  bundle_up
  printf '# name\trole\taddress\tgroups\nn1\tController\t192.0.2.1\tall,pacemaker\nn2\tController\t192.0.2.2\tall,pacemaker\n' >"$BUNDLE/lib/nodes.tsv"
  tool ssh 'address="" words=""
while (($# > 0)); do
  case $1 in
    -o) shift ;;
    -n) exec </dev/null ;;
    -*) ;;
    *) address=$1; shift; break ;;
  esac
  shift
done
export NODE=$address
exec bash -c "$*"'
  tool sudo 'exec "$@"'
  tool crm_mon '[[ $NODE == *192.0.2.2 ]] || { echo "Connection to cluster failed" >&2; exit 107; }
exec cat "$WORLD/status"'
  tool crm_resource 'echo "$NODE $*" >>"$WORLD/calls"
[[ $1 == --resource && $3 == --meta && $4 == --get-parameter && $5 == target-role ]] || exit 64
grep --quiet "^$2 " "$WORLD/purpose" || { echo "Attribute '"'target-role'"' not found for '"'\$2'"'" >&2; exit 6; }
sed --quiet "s/^$2 //p" "$WORLD/purpose"'
  : >"$WORLD/purpose"
}

# status_of VERSION: the sample without its failed operation, which would be trouble enough.
status_of() { sed '/<failures>/,/<\/failures>/d' "$SAMPLES/crm_mon-$1.xml" >"$WORLD/status"; }

resources_are_started() {
  words '. "$BUNDLE/lib/systems/pacemaker.sh"
    q() { all_cluster_resources_started; }
    ask q; echo "$ANSWER $WHY"'
}

@test "a property is claimed with the value that was found first, whatever it has become since" {
  tool pcs 'if [[ $* == "property show" ]]; then echo "Cluster Properties:"; cat "$WORLD/properties"; else echo "$*" >>"$WORLD/calls"; fi'
  echo ' stonith-enabled: true' >"$WORLD/properties"
  words '. "$BUNDLE/lib/systems/pacemaker.sh"; claim_cluster_property stonith-enabled'
  exits 0
  same 'property set --force osp-runbook-CHG1-stonith-enabled=true' "$(calls)"
  printf '%s\n' ' osp-runbook-CHG1-stonith-enabled: true' ' stonith-enabled: false' >"$WORLD/properties"
  words '. "$BUNDLE/lib/systems/pacemaker.sh"; claim_cluster_property stonith-enabled'
  exits 0
  same 'property set --force osp-runbook-CHG1-stonith-enabled=true' "$(calls)"
}

@test "nodes that are all online in a partition without quorum are not a whole cluster" {
  local with
  sed 's|^n1\t|controller-0\t|; s|^n2\t|controller-1\t|' "$BUNDLE/lib/nodes.tsv" >"$BATS_TEST_TMPDIR/nodes"
  cp "$BATS_TEST_TMPDIR/nodes" "$BUNDLE/lib/nodes.tsv"
  for with in true false; do
    status_of 1.1.20
    sed -i "s/with_quorum=\"[a-z]*\"/with_quorum=\"$with\"/; s/\(<node name=\"controller-[01]\".*\) online=\"false\"/\1 online=\"true\"/" "$WORLD/status"
    words '. "$BUNDLE/lib/systems/pacemaker.sh"; q() { all_cluster_nodes_online; }; ask q; echo "$ANSWER $WHY"'
    printf '%s\n' "$output"
  done >"$WORLD/answers"
  same 'yes the cluster has no quorum|no the cluster has no quorum' "$(paste -sd'|' "$WORLD/answers")"
}

@test "pacemaker 1.1.15 does not print what was stopped on purpose: each that is stopped is asked for, where the cluster answered" {
  status_of 1.1.15
  printf '%s\n' 'openstack-cinder-volume Stopped' 'stonith-overcloud-controller-0 stopped' >"$WORLD/purpose"
  resources_are_started
  same 'yes every resource of the cluster is started' "$output"
  same 'heat-admin@192.0.2.2 heat-admin@192.0.2.2' "$(cut -d' ' -f1 "$WORLD/calls" | xargs)"
}

@test "pacemaker 1.1.15: what is to run, or is not said to be stopped on purpose, is trouble" {
  status_of 1.1.15
  printf '%s\n' 'openstack-cinder-volume Started' >"$WORLD/purpose"
  resources_are_started
  same 'no in the cluster: openstack-cinder-volume is stopped, stonith-overcloud-controller-0 is stopped' "$output"
  printf '%s\n' 'stonith-overcloud-controller-0 Stopped' >"$WORLD/purpose"
  resources_are_started
  same 'no in the cluster: openstack-cinder-volume is stopped' "$output"
}

@test "pacemaker 1.1.15: every instance of a clone that is stopped on purpose, and none but these" {
  sed 's/role="Started"/role="Stopped"/; s/nodes_running_on="1"/nodes_running_on="0"/' "$SAMPLES/crm_mon-1.1.15.xml" | sed '/<failures>/,/<\/failures>/d' >"$WORLD/status"
  printf '%s\n' 'haproxy Stopped' 'openstack-cinder-volume Stopped' 'stonith-overcloud-controller-0 Stopped' >"$WORLD/purpose"
  resources_are_started
  same 'no in the cluster: ip-192.168.24.10 is stopped' "$output"
}

@test "a later pacemaker prints it, and is asked for nothing more" {
  for release in 1.1.20 1.1.23; do
    status_of "$release"
    resources_are_started
    same 'yes every resource of the cluster is started' "$output"
  done
  [ "$(calls)" = '' ]
}

@test "rabbitmq 3.6: whole, and split" {
  cp "$SAMPLES"/rabbit-cluster-status-3.6.3*.txt "$WORLD/"
  words '. "$BUNDLE/lib/systems/pacemaker.sh"
    for sample in "" -split; do
      ask rabbit_says_whole n1 "$(<"$WORLD/rabbit-cluster-status-3.6.3$sample.txt")" 3
      echo "$ANSWER $WHY"
    done'
  same "yes rabbitmq on n1 runs with 3 of 3: 'rabbit@overcloud-controller-2', 'rabbit@overcloud-controller-1', 'rabbit@overcloud-controller-0'|no rabbitmq on n1 sees its cluster split: {'rabbit@overcloud-controller-1',['rabbit@overcloud-controller-2']}" \
    "$(paste -sd'|' <<<"$output")"
}

@test "rabbitmq is split where it names a partition, whatever else it says" {
  words '. "$BUNDLE/lib/systems/pacemaker.sh"
    running="[{running_nodes,[rabbit@a]}"
    for said in "$running,{cluster_name,<<\"{partitions,[]}\">>},{partitions,[{rabbit@a,[rabbit@b]}]}]" "$running,{partitions,[]}]" "$running]" ""; do
      ask rabbit_says_whole n1 "$said" 1
      echo "$ANSWER $WHY"
    done'
  same 'no rabbitmq on n1 sees its cluster split|yes rabbitmq on n1 runs with 1 of 1|unknown rabbitmq on n1 does not say|unknown rabbitmq on n1 does not say' \
    "$(sed 's/ whether.*//; s/\(split\|1 of 1\):.*/\1/' <<<"$output" | paste -sd'|')"
}

@test "a list of properties has its title: what has none is no answer, and a property is not missing there" {
  tool crm_mon 'exit 0'
  tool pcs 'cat "$WORLD/properties"'
  one_property() {
    words '. "$BUNDLE/lib/systems/pacemaker.sh"
      q() { find_cluster_property stonith-enabled || return 2; why "it is ${SAID:-not set}"; }
      ask q; echo "$ANSWER $WHY"'
  }
  printf 'Cluster Properties:\n cluster-name: tripleo_cluster\n stonith-enabled: false\n' >"$WORLD/properties"
  one_property
  same 'yes it is false' "$output"
  printf 'Cluster Properties:\n' >"$WORLD/properties"
  one_property
  same 'yes it is not set' "$output"
  for answer in '' 'x[$(id)]' ' stonith-enabled: false'; do
    printf '%s\n' "$answer" >"$WORLD/properties"
    one_property
    same 'unknown pcs on n1 does not answer with its list of properties' "$output"
  done
}
