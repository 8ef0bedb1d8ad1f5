# Copies of OVS-DPDK instances, made in their own project from a snapshot. The spec's list names each server and its project's rc file;
# what an instance was like is put on record before it is touched, since a port can serve only one of original and copy.

# Run by root on the undercloud; the first record of an instance stands.
keep_nfv_record() {
  local folder=$1 name=$2 text=$3
  if [[ -e $folder/$name ]]; then return; fi
  mkdir --parents -- "$folder"
  printf '%s\n' "$text" >"$folder/$name.new"
  mv -- "$folder/$name.new" "$folder/$name"
  sync
}
read_nfv_record() { if [[ -e $1/$2 ]]; then cat -- "$1/$2"; fi; }

nfv_record_name() { printf '%s' "$1" | sha256sum | cut --characters=1-16; }

nfv_record() {
  local name
  name=$(nfv_record_name "$1") || return 2
  as_root read_nfv_record "$NFV_RECORD" "$name" || return 2
}

# nfv_word SERVER WORD: what is on record of it: id, name, flavor, key, zone, or `port` with PORT NETWORK ADDRESS on a line each.
nfv_word() {
  local record
  record=$(nfv_record "$1") || return 2
  awk -v word="$2" '$1 == word { sub(/^[^ ]+ /, ""); print }' <<<"$record"
}

# for_every_copy QUESTION: asks QUESTION SERVER RC_FILE of every row of the spec's list; the first no or cannot tell counts.
for_every_copy() {
  local server rc status
  while IFS=$'\t' read -r server rc <&3; do
    "$1" "$server" "$rc"
    status=$?
    if ((status != 0)); then return "$status"; fi
  done 3<"$BUNDLE/lib/nfv_instances.tsv"
}

is_on_record() {
  local id
  id=$(nfv_word "$1" id) || return 2
  why "$1 is not on record yet"
  [[ -n $id ]] || return 1
  why "$1 is on record"
}

# describe_instance SERVER RC_FILE: the record's text. `nova interface-list` has ports, networks and addresses in a table.
describe_instance() {
  local server=$1 rc=$2 shown lines id ports
  shown=$(with_rc "$rc" openstack server show -f json "$server") || return 2
  lines=$(parse nova description <<<"$shown") || return 2
  id=$(awk '$1 == "id" { print $2 }' <<<"$lines") || return 2
  ports=$(with_rc "$rc" nova interface-list "$id") || return 2
  printf '%s\n' "$lines"
  awk -F '|' 'NF > 5 && $3 !~ /Port ID/ { gsub(/ /, ""); print "port", $3, $4, $5 }' <<<"$ports"
}

# copy_holds_all SERVER RC_FILE: a snapshot has the root disk alone; what else an instance has would go with the original.
copy_holds_all() { either is_on_record "$1" -- snapshot_holds_all "$1" "$2"; }

snapshot_holds_all() {
  local server=$1 rc=$2 shown lines flavor volumes ephemeral
  shown=$(with_rc "$rc" openstack server show -f json "$server") || {
    why "nova does not show $server" ". $rc; openstack server show $server"
    return 2
  }
  volumes=$(parse nova volumes <<<"$shown") || return 2
  why "$server has volumes, which a copy from its snapshot would not have: ${volumes//$'\n'/, }" 'nfv.strategy: cold-migrate in the spec keeps them'
  [[ -z $volumes ]] || return 1
  lines=$(parse nova description <<<"$shown") || return 2
  flavor=$(awk '$1 == "flavor" { print $2 }' <<<"$lines") || return 2
  ephemeral=$(with_rc "$rc" openstack flavor show -f value -c OS-FLV-EXT-DATA:ephemeral "$flavor") || {
    why "nova does not show the flavor of $server" ". $rc; openstack flavor show $flavor"
    return 2
  }
  why "$server has an ephemeral disk of $ephemeral GB, which its snapshot would not hold" 'nfv.strategy: cold-migrate in the spec keeps it'
  [[ $ephemeral == 0 ]] || return 1
  why "the snapshot of $server would hold all its disks"
}

# status_of_instance ID: its status, or gone; the list of all is asked, since a client's error is no proof of absence.
status_of_instance() {
  local rows
  rows=$(list_instances) || return 2
  awk -F '\t' -v id="$1" '$1 == id { print $2; found = 1 } END { if (!found) print "gone" }' <<<"$rows"
}

original_is() {
  local id status
  id=$(nfv_word "$1" id) || return 2
  status=$(status_of_instance "$id") || return 2
  why "$1 is $status" "openstack server show $id"
  [[ $status == "$2" ]]
}
original_is_gone() { original_is "$1" gone; }
original_is_off() { either original_is "$1" gone -- original_is "$1" SHUTOFF; }

# The copy's name says whose it is.
copy_name() {
  local name
  name=$(nfv_word "$1" name) || return 2
  printf '%s-%s\n' "$name" "$CHANGE"
}

# copy_id SERVER: the id of its copy, nothing where there is none.
copy_id() {
  local name rows
  name=$(copy_name "$1") || return 2
  rows=$(list_instances) || return 2
  awk -F '\t' -v name="$name" '$6 == name { print $1 }' <<<"$rows"
}

copy_is_active() {
  local id
  id=$(copy_id "$1") || return 2
  why "$1 has no copy yet"
  [[ -n $id ]] || return 1
  instance_status_is "$id" ACTIVE
}

copy_is_good() {
  local id
  id=$(copy_id "$1") || return 2
  why "$1 has no copy"
  [[ -n $id ]] || return 1
  instance_status_is "$id" ACTIVE && has_client_ports "$id"
}

# snapshot_name SERVER: two images may have one name; with the instance's id in it, only our own would.
snapshot_name() {
  local id
  id=$(nfv_word "$1" id) || return 2
  printf '%s-%s\n' "$CHANGE" "$id"
}

# snapshots_of SERVER RC_FILE: ID and STATUS of its snapshot.
snapshots_of() {
  local name images
  name=$(snapshot_name "$1") || return 2
  images=$(with_rc "$2" openstack image list -f value -c ID -c Name -c Status) || return 2
  awk -v name="$name" '$2 == name { print $1, $3 }' <<<"$images"
}

# snapshot_is_good SERVER RC_FILE: active, and not the empty image that looks like one.
snapshot_is_good() {
  local found id size
  found=$(snapshots_of "$1" "$2") || return 2
  why "the snapshot of $1 is ${found:-not there}" 'openstack image list'
  [[ $found == *' active' && $found != *$'\n'* ]] || return 1
  id=${found%% *}
  size=$(with_rc "$2" openstack image show -f value -c size "$id") || return 2
  why "the snapshot of $1 is empty" "openstack image show $id"
  ((size > 0)) || return 1
  why "the snapshot of $1 is active, and has $size bytes"
}
snapshot_or_gone() { either original_is_gone "$1" -- snapshot_is_good "$1" "$2"; }

# port_is_attached SERVER RC_FILE PORT
port_is_attached() {
  local id ports
  id=$(nfv_word "$1" id) || return 2
  ports=$(with_rc "$2" nova interface-list "$id") || return 2
  why "the port $3 is attached to $1"
  [[ $ports == *"$3"* ]]
}

# nics_for SERVER RC_FILE: --nic words for its copy: its own ports; one that nova had made and has taken away is made anew with its address.
nics_for() {
  local ports left port network address
  ports=$(nfv_word "$1" port) || return 2
  left=$(with_rc "$2" openstack port list -f value -c ID) || return 2
  while read -r port network address; do
    if [[ $'\n'$left$'\n' == *$'\n'"$port"$'\n'* ]]; then
      printf '%s\n' --nic "port-id=$port"
    else
      printf '%s\n' --nic "net-id=$network,v4-fixed-ip=${address%%,*}"
    fi
  done <<<"$ports"
}
