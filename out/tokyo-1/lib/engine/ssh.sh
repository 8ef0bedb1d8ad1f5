# Commands on the nodes: one multiplexed connection per node, host keys always checked, nothing read from our stdin.

KNOWN_HOSTS='' SSH_PORT=22
# The remedy for a node that does not answer ssh.
WHERE_A_NODE_IS_SILENT='check that the node is up (console, power); if its key is unknown: ./runbook trust; if ssh by hand reaches it by what ~/.ssh/config says, say that in ssh.options of the spec; if it is gone for good: take it out of the spec, compile, approve'
SSH_FIXED=() SSH_OPTIONS=() PRIVATE_NAMES=()

# ssh_setting KEYWORD [OPTION...]: the value of the keyword, in small letters, in these options, else in the spec's; nothing if they do not set it.
ssh_setting() {
  with_words_of SSH_SITE_OPTIONS setting_among "$@"
}
setting_among() {
  local keyword=$1 option
  shift
  for option in "$@"; do
    if [[ $(tr '[:upper:]' '[:lower:]' <<<"${option%%=*}") == "$keyword" ]]; then
      option=${option#*=}
      option=${option%\"}
      printf '%s' "${option#\"}"
      return
    fi
  done
}

# ssh takes the first value it meets: neither the spec's options nor the user's configuration can change what comes before them, and what
# comes after them is for what the spec leaves open. The user's configuration decides how a connection is made (keys, ciphers, addresses),
# but not where it leads, whose key is accepted, what is run there, or what is handed over.
ssh_options() {
  # of several files the first is written to
  KNOWN_HOSTS=$(ssh_setting userknownhostsfile)
  KNOWN_HOSTS=${KNOWN_HOSTS%%[[:blank:]]*}
  KNOWN_HOSTS=${KNOWN_HOSTS/#\~/$UNDERCLOUD_HOME}
  KNOWN_HOSTS=${KNOWN_HOSTS:-$UNDERCLOUD_HOME/.ssh/known_hosts}
  SSH_PORT=$(ssh_setting port)
  SSH_PORT=${SSH_PORT:-22}
  SSH_FIXED=(
    # some of the options below are newer than the ssh of RHEL 7
    -o IgnoreUnknown='*'
    -o BatchMode=yes -o StrictHostKeyChecking=yes -o ControlPath="$SSH_SOCKETS/%n"
    # whatever the user's own configuration has for interactive work
    -o ForwardAgent=no -o ForwardX11=no -o ClearAllForwardings=yes -o PermitLocalCommand=no -o RequestTTY=no
    -o GSSAPIDelegateCredentials=no -o Tunnel=no -o EscapeChar=none -o AddKeysToAgent=no
    # what would let the name service, the node itself or a program say which host keys are right
    -o VerifyHostKeyDNS=no -o UpdateHostKeys=no -o NoHostAuthenticationForLocalhost=no -o KnownHostsCommand=none
    # what would run something else there, or nothing
    -o RemoteCommand=none -o SessionType=default -o StdinNull=no -o ForkAfterAuthentication=no -o SetEnv=LC_ALL=C
    # what would be taken for an error message
    -o LogLevel=INFO -o VisualHostKey=no
  )
  # a host is at its address, reached as the spec says
  with_words_of SSH_SITE_OPTIONS begin_options "${SSH_FIXED[@]}"
  SSH_OPTIONS+=(
    -o ConnectTimeout=10 -o ConnectionAttempts=1 -o ServerAliveInterval=5 -o ServerAliveCountMax=3 -o Protocol=2
    -o GlobalKnownHostsFile='/etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2'
    -o UserKnownHostsFile="$KNOWN_HOSTS"
    -o HostName=%h -o CanonicalizeHostname=no -o Port="$SSH_PORT" -o ProxyCommand=none -o ProxyUseFdpass=no
  )
  note_private_names
}
begin_options() { SSH_OPTIONS=("$@"); }

# name_in_known_hosts ADDRESS [PORT]: sets SAID to its name in known_hosts: with the port, if that is not 22.
name_in_known_hosts() {
  local port=${2:-$SSH_PORT}
  SAID=$1
  if [[ $port != 22 ]]; then SAID="[$1]:$port"; fi
}

# ssh_way ADDRESS: sets WAY to the options and the login for it. Its key is looked up by its own name.
ssh_way() {
  local SAID
  name_in_known_hosts "$1"
  WAY=("${SSH_OPTIONS[@]}" -o HostKeyAlias="$SAID" "$SSH_USER@$1")
}

# The variables that must not reach another host: the values of SendEnv add up, so that no option takes back one in the user's configuration.
# Those that set a language would change the answers.
note_private_names() {
  local name
  PRIVATE_NAMES=(LANG LANGUAGE XMODIFIERS)
  while IFS= read -r name; do
    case ${name^^} in
      LC_ALL) ;;
      LC_* | OS_* | AWS_* | *PASS* | *SECRET* | *TOKEN* | *CRED* | *KEY*) PRIVATE_NAMES+=("$name") ;;
      *) if [[ ${!name-} == *://*@* ]]; then PRIVATE_NAMES+=("$name"); fi ;;
    esac
  done < <(compgen -e)
}

# only_ssh [LIMIT...] ssh WORD...: replaces this shell, without those variables.
only_ssh() {
  export -n "${PRIVATE_NAMES[@]}" "${!OS_@}"
  exec "$@"
}
only_ssh_in_time() { only_ssh "${COMMAND_LIMIT[@]}" "$@"; }

# ssh_to NODE WORDS...: the words go to the far shell as they are; `on` quotes them first.
ssh_to() {
  local node=$1 address=${NODE_ADDRESS[${1:--}]-} status=0
  local -a WAY
  shift
  if [[ -z $address ]]; then return 2; fi
  ssh_master "$node" || return
  ssh_way "$address"
  (only_ssh_in_time ssh -n -o ControlMaster=no "${WAY[@]}" "$@") || status=$?
  if ((status > 0)); then { printf '%s\n' "$node" >"$SCRATCH/failed_on"; } 2>/dev/null || :; fi
  if ((status > 1)); then no_answer_of_node "$status" "$node" "$*" "${COMMAND_LIMIT[2]}"; fi
  return "$status"
}

# ssh_master NODE: opened on its own, without our streams: it would keep a log or a pipe open for ever. If its socket is there nothing is
# done; ssh itself ignores one whose master has gone.
#
# It opens with a command that prints nothing. On a node where that prints something, a greeting would precede every answer.
ssh_master() {
  local address=${NODE_ADDRESS[$1]} words status=0
  local -a WAY
  [[ -S $SSH_SOCKETS/$address ]] && return 0
  ssh_way "$address"
  (only_ssh timeout --foreground 60 ssh -n -o ControlMaster=auto -o ControlPersist=600 "${WAY[@]}" true) \
    >"$SCRATCH/greeting-$address" 2>"$SCRATCH/ssh-$address" || status=$?
  if [[ -s $SCRATCH/greeting-$address ]]; then
    ssh_forget "$1"
    IFS= read -r words <"$SCRATCH/greeting-$address" || :
    why_at_last "$1 prints a text before every command: $(plain "$words")" \
      "on $1, print it in interactive shells only; in ~$SSH_USER/.bashrc (or /etc/bashrc) put before it: [[ \$- == *i* ]] &&"
    return 255
  fi
  if ((status == 0)); then return 0; fi
  words=$(<"$SCRATCH/ssh-$address")
  words=${words##*$'\n'}
  if ((status == 124)); then words='no login within 60 s'; fi
  why "$1 does not answer ssh${words:+: $words}" "$WHERE_A_NODE_IS_SILENT"
  printf '%s\n' "$words" >&2
  return 255
}

# no_answer_of_node STATUS NODE COMMAND SECONDS: the reason, unless the question gives its own: the one of an earlier question must not remain.
no_answer_of_node() {
  case $1 in
    124) has_not_answered "$2" "$4" ;;
    255) why "$2 does not answer ssh" "$WHERE_A_NODE_IS_SILENT" ;;
    *) why "$2: $3 ended with $1: $(said_last)" "look at $2, then run this section again" ;;
  esac
}

# After a reboot the old connection is useless.
ssh_forget() {
  local address=${NODE_ADDRESS[${1:--}]-}
  local -a WAY
  if [[ -S $SSH_SOCKETS/$address ]]; then
    ssh_way "$address"
    timeout 10 ssh -n -O exit "${WAY[@]}" >/dev/null 2>&1 || :
    rm --force -- "$SSH_SOCKETS/$address"
  fi
}

ssh_forget_all() {
  local socket
  for socket in "$SSH_SOCKETS"/*; do
    if [[ -S $socket ]]; then
      timeout 10 ssh -n -o ControlPath="$socket" -O exit none >/dev/null 2>&1 || :
    fi
  done
}

# on NODE COMMAND [ARG...]: the far shell gets every argument unchanged. Unreachable is 255.
on() {
  local node=$1 words
  shift
  quote_into words "$@"
  if only_looks "$@"; then
    in_time_of_an_answer ssh_to "$node" "$words"
  else
    ssh_to "$node" "$words"
  fi
}

# only_looks COMMAND [ARG...]: nothing is lost if it is ended: it has a limit in an apply too.
only_looks() { [[ "$* " == @('true '|'sudo ceph -s '|'sudo clustercheck '|'sudo pcs status '|'sudo systemctl list-units ')* ]]; }

# in_time_of_an_answer COMMAND [ARG...]: in an apply, for what only reads.
in_time_of_an_answer() {
  local -a COMMAND_LIMIT=("${ANSWER_LIMIT[@]}")
  "$@"
}

# quote_into VARIABLE WORD...: the words as a shell reads them back. In a remedy none of them can begin a command of its own, since ` ;; ` does
# not come out as it is.
quote_into() {
  local variable=$1 word quoted all quote="'" escaped="'\\''"
  shift
  printf -v all ' %q' "$@"
  # bash 4.2 leaves a ~ as it is, and the shell that reads it would put a home in its place
  if [[ $* == *'~'* ]]; then
    all=''
    for word in "$@"; do
      printf -v quoted %q "$word"
      if [[ $word == *'~'* ]]; then
        quoted=$quote${word//"$quote"/"$escaped"}$quote
        quoted=${quoted// ;; / ;$quote$quote; }
      fi
      all+=" $quoted"
    done
  fi
  printf -v "$variable" %s "${all# }"
}

# hear_on NODE COMMAND [ARG...]: what it prints is in SAID.
hear_on() {
  local node=$1 words address=${NODE_ADDRESS[${1:--}]-} status=0
  local -a WAY
  shift
  if [[ -z $address ]]; then return 2; fi
  quote_into words "$@"
  ssh_master "$node" || return
  ssh_way "$address"
  SAID=$(only_ssh "${ANSWER_LIMIT[@]}" ssh -n -o ControlMaster=no "${WAY[@]}" "$words") || status=$?
  if ((status > 1)); then
    no_answer_of_node "$status" "$node" "$*" "${ANSWER_LIMIT[2]}"
  else
    heard_enough "$node" "$@" || return
  fi
  return "$status"
}

# on_one_of GROUP COMMAND [ARG...]: on the first node of the group that answers ssh, whose name is kept in $SCRATCH/spoke.
on_one_of() {
  local group=$1 node status
  shift
  for node in "${NODES[@]}"; do
    if ! node_is "$node" "$group"; then continue; fi
    status=0
    on "$node" "$@" || status=$?
    if ((status != 255)); then
      printf '%s' "$node" >"$SCRATCH/spoke"
      return "$status"
    fi
  done
  nobody_answers "$group"
}

# one_of GROUP: the first node of the group that answers ssh.
one_of() {
  local node
  for node in "${NODES[@]}"; do
    if ! node_is "$node" "$1"; then continue; fi
    if on "$node" true; then
      printf '%s' "$node"
      return 0
    fi
  done
  nobody_answers "$1"
}

nobody_answers() {
  why "no node of the group $1 answers ssh" 'check that the nodes are up (console, power); if their keys are unknown: ./runbook trust'
  return 255
}
