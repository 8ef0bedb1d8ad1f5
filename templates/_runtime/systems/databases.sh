# MariaDB asked as root. Its password is never an argument: ps shows arguments to everybody.

# Run by root: an option file for one command, gone when its shell ends. Quoted, since # would begin a comment there.
mysql_login() {
  local password
  password=$(hiera_value mysql::server::root_password)
  password=${password//\\/\\\\}
  password=${password//\"/\\\"}
  trap 'rm --force -- /root/.osp-runbook.cnf' EXIT
  rm --force -- /root/.osp-runbook.cnf
  printf '[client]\nuser=root\npassword="%s"\n' "$password" >/root/.osp-runbook.cnf
}

# with_mysql_login COMMAND [ARG...]: run by root; mysql or mysqldump as root, by the option file.
with_mysql_login() {
  local command=$1
  shift
  mysql_login
  "$command" --defaults-extra-file=/root/.osp-runbook.cnf "$@"
}

# On the undercloud /root/.my.cnf has the password; where it is missing, hiera has.
with_root_login() {
  if [[ -e /root/.my.cnf ]]; then
    "$@"
  else
    with_mysql_login "$@"
  fi
}

# mysql_answers_on_undercloud: MariaDB lets root in.
mysql_answers_on_undercloud() {
  local answer
  hear_root with_root_login mysql -s -N -e 'select 1;' || {
    why "the undercloud's MariaDB does not answer: $(said_last)" 'sudo systemctl status mariadb; sudo -H mysql'
    return 2
  }
  answer=$SAID
  [[ $answer == 1 ]]
}

# synced_node: prints the first node whose Galera is synced; one is enough, they hold the same.
synced_node() {
  local nodes node status worst=2
  find_some_nodes_with mysql || return 2
  nodes=$SAID
  while IFS= read -r node; do
    status=0
    galera_synced_on "$node" || status=$?
    if ((status == 0)); then
      printf '%s' "$node"
      return 0
    fi
    if ((status == 1)); then worst=1; fi
  done <<<"$nodes"
  return "$worst"
}

# A node whose Galera is synced takes our password.
control_plane_mysql_answers() {
  local node answer
  node=$(synced_node) || return
  hear_root_on "$node" with_mysql_login mysql -s -N -e 'select 1;' || {
    why "MariaDB on $node does not answer: $(said_last)" "on $node: sudo hiera mysql::server::root_password; sudo clustercheck"
    return 2
  }
  answer=$SAID
  why "MariaDB on $node answers with $answer"
  [[ $answer == 1 ]]
}

# Run by root: mysqldump leaves an empty or a cut file when it fails.
dump_must_be_whole() {
  local last
  last=$(tail --lines=1 -- "$1")
  if [[ $last != '-- Dump completed'* ]]; then
    printf '%s is truncated: it does not end with "-- Dump completed"\n' "$1" >&2
    return 1
  fi
}

# MongoDB: Telemetry's on the controllers, zaqar's on the undercloud.

# mongodb_node: prints the first node that runs it, nothing where none does. The control plane comes first, then nodes of other custom roles.
mongodb_node() {
  local node status
  while IFS= read -r node; do
    status=0
    runs_service "$node" mongodb || status=$?
    case $status in
      0)
        printf '%s' "$node"
        return 0
        ;;
      1) ;;
      *) return 2 ;;
    esac
  done < <({ nodes_in control_plane && nodes_in composable; } | awk '!seen[$0]++')
}

# site_has_no_mongodb: as the spec says, or else as the nodes do.
site_has_no_mongodb() {
  local node
  if [[ $MONGODB == true ]]; then return 1; fi
  node=$(mongodb_node) || return 2
  why 'no node runs MongoDB'
  [[ -z $node ]]
}

# mongodb_primary NODE: prints the address of the primary, which need not be the node that is asked.
mongodb_primary() {
  local address answer family=''
  why "MongoDB on $1 does not answer" "on $1: sudo systemctl status mongod; sudo hiera mongodb::server::bind_ip"
  hear_root_on "$1" hiera_value mongodb::server::bind_ip || return 2
  address=$SAID
  if [[ $address == *:* ]]; then
    # in brackets and with its port: without it the client takes the last part of the address for the port
    address="[$address]:27017"
    family=--ipv6
  fi
  hear_on "$1" mongo --quiet ${family:+"$family"} --host "$address" --eval 'print(db.isMaster().primary)' || return 2
  answer=$SAID
  why "MongoDB on $1 knows no primary: $answer" "on $1: mongo --host $(quoted "$address") --eval 'rs.status()'"
  [[ $answer == *:* ]] || return 1
  printf '%s' "$answer"
}

# bytes_of_mongodb NODE: prints what a dump of it can need. The oplog's files, 5 % of the disk from the first day on, are in no dump.
bytes_of_mongodb() {
  patiently hear_root_on "$1" measure '/var/lib/mongodb/local.*' /var/lib/mongodb || return 2
  printf '%s' "$SAID"
}

mongodb_has_primary() { mongodb_primary "$1" >/dev/null; }

# zaqar's, on the undercloud: a unit that runs, or would run after a reboot.
undercloud_has_no_mongodb() {
  local active enabled
  active=$(systemctl is-active mongod) || [[ -n $active ]] || return 2
  enabled=$(systemctl is-enabled mongod) || :
  why 'the undercloud runs no MongoDB'
  [[ $active != active && $enabled != enabled ]]
}
