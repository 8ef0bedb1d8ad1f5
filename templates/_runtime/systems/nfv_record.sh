# The record of OVS-DPDK instances that are copied: what each was like is recorded before it is touched, since a port can serve only one of
# original and copy.

# Run by root on the undercloud: adds what became known later; no line is there twice.
add_nfv_record() {
  local file=$1/$2 line added='' before
  before=$(read_record "$file")
  while IFS= read -r line; do
    if ! has_line "$line" "$before$added"; then added+=$'\n'$line; fi
  done <<<"$3"
  if [[ -n $added ]]; then append_record "$file" "${added#$'\n'}"; fi
}
read_nfv_record() { if [[ -e $1/$2 ]]; then cat -- "$1/$2"; fi; }

nfv_record_name() { printf '%s' "$1" | sha256sum | cut --characters=1-16; }

nfv_record() {
  local name
  name=$(nfv_record_name "$1") || return 2
  as_root read_nfv_record "$NFV_RECORD" "$name" || return 2
}

# add_to_nfv_record SERVER TEXT, for an apply.
add_to_nfv_record() {
  local name
  if [[ -z $2 ]]; then return 0; fi
  name=$(nfv_record_name "$1")
  as_root add_nfv_record "$NFV_RECORD" "$name" "$2"
}

# nfv_word SERVER WORD: what is on record of it: id, name, flavor, key, zone; on a line each `port` with PORT NETWORK MAC GROUPS ADDRESSES
# NAMED, and `stale` with the id of a snapshot that is older than what the instance has written.
nfv_word() {
  local record
  record=$(nfv_record "$1") || return 2
  fact_of "$2" <<<"$record"
}

# for_every_copy QUESTION: asks QUESTION SERVER RC_FILE of every row of the spec's list; the first no or cannot tell counts.
for_every_copy() {
  local server rc status
  while IFS=$'\t' read -r server rc <&3; do
    "$1" "$server" "$rc"
    status=$?
    if ((status != 0)); then return "$status"; fi
  done 3<"$COPY/lib/nfv_instances.tsv"
}

# with_each_original FUNCTION: for an apply: FUNCTION SERVER RC_FILE for every row of the spec's list. (The list is on 3: FUNCTION must not
# read it.)
with_each_original() {
  local server rc
  while IFS=$'\t' read -r server rc <&3; do
    "$1" "$server" "$rc"
  done 3<"$COPY/lib/nfv_instances.tsv"
}

is_on_record() {
  local id
  id=$(nfv_word "$1" id) || return 2
  why "$1 is not recorded yet"
  [[ -n $id ]] || return 1
  why "$1 is recorded"
}

# describe_instance SERVER RC_FILE: the record's text.
describe_instance() {
  local server=$1 rc=$2 shown lines id ports
  hear_rc "$rc" openstack server show -f json "$server" || return 2
  shown=$SAID
  parsed nova description <<<"$shown" || return 2
  lines=$SAID
  id=$(awk '$1 == "id" { print $2 }' <<<"$lines") || return 2
  ports=$(describe_ports "$rc" "$id") || return 2
  printf '%s\n' "$lines"
  if [[ -n $ports ]]; then printf '%s\n' "$ports"; fi
}

# describe_ports RC_FILE ID: a line for every port that the instance has now.
describe_ports() {
  local rc=$1 id=$2 shown ids port line
  ids=$(ports_attached "$rc" "$id") || return 2
  for port in $ids; do
    hear_rc "$rc" openstack port show -f json "$port" || {
      why "neutron does not show the port $port: $(said_last)" "(. $rc; openstack port show $(quoted "$port"))"
      return 2
    }
    shown=$SAID
    parsed nova port <<<"$shown" || return 2
    line=$SAID
    printf 'port %s %s\n' "$port" "$line"
  done
}

# ports_attached RC_FILE ID: `nova interface-list` has them in a table.
ports_attached() {
  local shown
  hear_rc "$1" nova interface-list "$2" || {
    why "nova does not list the ports of $2: $(said_last)" "(. $1; nova interface-list $2)"
    return 2
  }
  shown=$SAID
  awk -F '|' 'NF > 5 && $3 !~ /Port ID/ { gsub(/ /, "", $3); print $3 }' <<<"$shown"
}

# ports_on_record SERVER: PORT NETWORK MAC GROUPS ADDRESSES. A port that was recreated when the original was put back together has the groups
# of the one it replaces.
ports_on_record() {
  local lines
  lines=$(nfv_word "$1" port) || return 2
  awk 'NF {
      key = $2 " " $5
      if (!(key in groups)) { order[++count] = key; groups[key] = $4 }
      id[key] = $1; mac[key] = $3; network[key] = $2; addresses[key] = $5
    }
    END { for (i = 1; i <= count; i++) { key = order[i]; print id[key], network[key], mac[key], groups[key], addresses[key] } }' <<<"$lines"
}
