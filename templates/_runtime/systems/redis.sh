# Redis behind its virtual address. redis-cli ends with 0 whatever is answered, so the answers are read.

# Run by root on a node: redis_ask ADDRESS COMMAND...: the password goes in by stdin, since ps shows arguments. Before 3.2.10 redis-cli says
# after a command of half a second how long it took, on a line of its own.
redis_ask() {
  local address=$1 password answers login
  shift
  password=$(hiera_value redis::masterauth)
  password=${password//\\/\\\\}
  password=${password//\"/\\\"}
  answers=$(printf '%s\n' "AUTH \"$password\"" "$@" | redis-cli -h "$address" | tr --delete '\r' | sed '/^([0-9]*\.[0-9]*s)$/d')
  IFS= read -r login <<<"$answers"
  if [[ $login != OK ]]; then
    printf 'redis at %s refuses the login: %s\n' "$address" "${login:0:300}" >&2
    return 1
  fi
  tail --lines=+2 <<<"$answers"
}

redis_ask_vip() {
  local vip
  vip=$(hiera_value redis_vip)
  redis_ask "$vip" "$@"
}

# Run by root on a node, of its own Redis.
redis_ask_here() {
  local address
  address=$(hiera_value redis::bind)
  redis_ask "$address" "$@"
}

# redis_on NODE COMMAND: what the Redis behind the virtual address answers, asked from a node.
redis_on() {
  local answer
  hear_root_on "$1" redis_ask_vip "${@:2}" || {
    why "redis does not answer behind its virtual address: $(said_last)" "on $1: sudo hiera redis_vip; sudo pcs status"
    return 2
  }
  answer=$SAID
  printf '%s\n' "$answer"
}

redis_answers() {
  local answer
  answer=$(redis_on "$1" PING) || return 2
  why "redis answers a ping with: $answer"
  [[ $answer == PONG ]]
}

# Run by root on a node: redis_setting NAME: what its own Redis is configured with.
redis_setting() {
  local rows
  rows=$(redis_ask_here "CONFIG GET $1")
  if [[ $rows != "$1"$'\n'?* ]]; then
    printf 'redis gives no %s: %s\n' "$1" "${rows//$'\n'/ }" >&2
    return 1
  fi
  printf '%s\n' "${rows#*$'\n'}"
}

redis_word() { awk -F : -v word="$1" '$1 == word { print $2 }'; }

# site_has_no_redis: no node has it among its services.
site_has_no_redis() {
  local nodes
  find_nodes_with redis || return 2
  nodes=$SAID
  why 'no node runs redis'
  [[ -z $nodes ]]
}

# redis_master: prints the one node whose own Redis is master now; its disk is where a dump goes.
redis_master() {
  local nodes node role facts found=''
  find_some_nodes_with redis || return 2
  nodes=$SAID
  while IFS= read -r node; do
    hear_root_on "$node" redis_ask_here 'INFO replication' || {
      why "redis on $node does not answer: $(said_last)" "on $node: sudo hiera redis::bind; sudo hiera redis::masterauth"
      return 2
    }
    facts=$SAID
    role=$(redis_word role <<<"$facts") || return 2
    if [[ $role == master ]]; then
      if [[ -n $found ]]; then
        why "two nodes are redis masters: $found and $node" 'on controller: sudo pcs status'
        return 2
      fi
      found=$node
    fi
  done <<<"$nodes"
  why 'no node is the redis master' 'on controller: sudo pcs status'
  [[ -n $found ]] || return 1
  printf '%s' "$found"
}

# redis_is_idle NODE: its Redis is not saving.
redis_is_idle() {
  local facts running
  facts=$(redis_on "$1" 'INFO persistence') || return 2
  running=$(redis_word rdb_bgsave_in_progress <<<"$facts") || return 2
  why 'redis is saving'
  [[ $running == 0 ]]
}

# redis_has_saved NODE BEFORE: a save has ended well since LASTSAVE was BEFORE.
redis_has_saved() {
  local facts status last before=$2
  facts=$(redis_on "$1" 'INFO persistence') || return 2
  status=$(redis_word rdb_last_bgsave_status <<<"$facts") || return 2
  last=$(redis_on "$1" LASTSAVE) || return 2
  numbers last before || return 2
  why "redis: last status $status, last save $last, not after $before" "on $1: sudo tail -n 20 /var/log/redis/redis.log; df -h /var/lib/redis"
  [[ $status == ok ]] && ((last > before))
}

# must_say TEXT COMMAND [ARG...]: for an apply; the answer counts, not the status.
must_say() {
  local wanted=$1 answer
  shift
  answer=$("$@")
  if [[ $answer != "$wanted" ]]; then
    complain "$* answers: $answer"
    exit 1
  fi
}

# must_be_so QUESTION [ARG...]: for an apply, where a no ends it.
must_be_so() {
  answer "$@"
  if [[ $ANSWER == no ]]; then
    complain "$WHY"
    exit 1
  fi
}
