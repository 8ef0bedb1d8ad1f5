# What a tool's words mean, and what to do: lib/engine/remedies.tsv, one table for every tool that a step runs.
#
# Its columns: id, rank, how, pattern, cause, words, look, fix, source. A line that begins with # is a comment; a column that is - is empty.
#   rank     exact, or general: what may have many causes. An exact one goes before a general one, a later line of what was said before an
#            earlier one, a higher row before a lower one. The step's own remedy goes before a general one
#   how      text: the pattern is a part of a line; regex: an extended regular expression that a line matches
#   words    what to decide and to do, for people: no command that can be run as it is; {section NAME} is the section of that name
#   look     commands that change nothing; each is printed as one line that can be pasted on the undercloud
#   fix      commands that do what the words say, printed after them in the same way
# Commands are parts with ` ;; ` between them, each PLACE: COMMANDS. PLACE says where they run:
#   node     where it failed         here     on the undercloud             bundle   on the undercloud, in the folder of the bundle
#   rc, stackrc   on the undercloud, with the credentials of that file      console  at the console of the node
#   monitor  the first of ceph_mons  a group  on each of its nodes
# In them {stack} is the stack, {user} the nodes' user, and these are from the line that matched: {1} the first group of the pattern, {uuid} an id, {file} a file,
# {url} an address of the web, {host} a host that is connected to or resolved, {port} host:port of a secure address. Only what has a strict
# form is taken from there. A part whose value the line does not have is left out, and the part after it that begins with `else ` is printed.

CURE_ID='' CURE_RANK='' CAUSE='' CURE='' CURE_LOOK='' CURE_FIX='' CURED=no HEARD=()

# look_up_cure NODE LINE...: sets CURE_ID, CURE_RANK, CAUSE, CURE (words), and CURE_LOOK and CURE_FIX: lines that say_cure prints. All are
# empty where the table knows none of the lines.
look_up_cure() {
  local node=$1 rank line
  local -i at
  shift
  local -a lines=("$@") table=()
  CURE_ID='' CURE_RANK='' CAUSE='' CURE='' CURE_LOOK='' CURE_FIX=''
  if (($# == 0)); then return 0; fi
  mapfile -t table <"$COPY/lib/engine/remedies.tsv"
  for rank in exact general; do
    for ((at = ${#lines[@]} - 1; at >= 0; at--)); do
      line=${lines[at]:0:2000}
      if [[ -n $line ]]; then match_cure "$rank" "$node" "$line"; fi
      if [[ -n $CURE_ID ]]; then return 0; fi
    done
  done
}

# match_cure RANK NODE LINE: by the first row of that rank that fits. Uses table.
match_cure() {
  local row id rank how pattern cause words look fix group
  for row in "${table[@]}"; do
    if [[ $row == '#'* ]]; then continue; fi
    IFS=$'\t' read -r id rank how pattern cause words look fix _ <<<"$row"
    if [[ $rank != "$1" ]]; then continue; fi
    group=''
    if [[ $how == text ]]; then
      if [[ $3 != *"$pattern"* ]]; then continue; fi
    else
      if [[ ! $3 =~ $pattern ]]; then continue; fi
      group=${BASH_REMATCH[1]-}
    fi
    CURE_ID=$id CURE_RANK=$rank CAUSE=$cause
    name_sections_into CURE "$words"
    fill_in_cure "$2" "$group" "$3" "$look" "$fix"
    return 0
  done
}

# name_sections_into VARIABLE WORDS: each {section NAME} of the words with the number that the section has in this bundle.
name_sections_into() {
  local named=$2 name
  while [[ $named =~ \{section\ ([a-z-]+)\} ]]; do
    name=${BASH_REMATCH[1]}
    named=${named//"{section $name}"/"$(section_named "$name")"}
  done
  printf -v "$1" %s "$named"
}

# fill_in_cure NODE GROUP LINE LOOK FIX: sets CURE_LOOK and CURE_FIX.
fill_in_cure() {
  local -A value=()
  find_values "$2" "$3"
  commands_into CURE_LOOK 'look at it' -n "$1" "$4"
  commands_into CURE_FIX 'then run' -t "$1" "$5"
}

# find_values GROUP LINE: what the line names. Nothing in these forms means anything to a shell, or is taken for an option.
find_values() {
  local line=" $2 " hex='[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
  local host='[A-Za-z0-9][A-Za-z0-9.-]*' path='/[A-Za-z0-9._/+@-]*[A-Za-z0-9_]' port='[0-9]{1,5}' quote="[\"'\`]?" after="[]\"'\`)>:;, ]"
  local uuid="[^0-9A-Za-z_-]($hex)[^0-9A-Za-z-]" url="[]\"'\`(<[ ](https?://$host(:$port)?($path)?/?)$after"
  local file="(^ *tar: |[Ff]ile |[\"'\`])($path)(: | from | conflicts | between |[\"'\`])"
  local name="([Rr]esolve host(name)?:?|[Cc]onnect to host|[Ff]ailed connect to|[^A-Za-z]host=) *$quote($host)$after"
  local secure="https://($host:$port)[/\"' ]" pool="[^A-Za-z]host=$quote($host)$quote, port=($port)[^0-9]"
  value[stack]=$(quoted "$STACK") value[user]=$(quoted "$SSH_USER")
  if [[ $1 =~ ^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$ ]]; then value[1]=$1; fi
  # the id of a request does not name anything that could be shown
  if [[ ${line//req-/req_} =~ $uuid ]]; then value[uuid]=${BASH_REMATCH[1]}; fi
  if [[ $line =~ $file ]]; then value[file]=${BASH_REMATCH[2]}; fi
  if [[ $line =~ $url ]]; then value[url]=${BASH_REMATCH[1]}; fi
  if [[ $line =~ $name ]]; then value[host]=${BASH_REMATCH[3]}; fi
  if [[ $line =~ $secure ]]; then value[port]=${BASH_REMATCH[1]}; fi
  if [[ $line =~ $pool ]]; then value[port]=${BASH_REMATCH[1]}:${BASH_REMATCH[2]}; fi
}

# commands_into VARIABLE LABEL OPTION NODE COLUMN: a line for each part of the column that can be printed. OPTION is ssh's: -n for what asks
# nothing, so that lines pasted together do not become its input, -t for what may ask. Uses value.
commands_into() {
  local variable=$1 label=$2 option=$3 node=$4 rest=$5 part place command pasted all='' printed=yes
  if [[ $rest == - ]]; then rest=''; fi
  while [[ -n $rest ]]; do
    part=${rest%%' ;; '*}
    rest=${rest:${#part}}
    rest=${rest#' ;; '}
    if [[ $part == 'else '* ]]; then
      if [[ $printed == yes ]]; then continue; fi
      part=${part#else }
    fi
    printed=no
    place=${part%%: *}
    command_into command "${part#*: }"
    if [[ -z $command ]]; then continue; fi
    paste_into pasted "$place" "$option" "$node" "$command"
    if [[ -z $pasted ]]; then continue; fi
    printed=yes
    all+=$label$pasted$'\n'
  done
  printf -v "$variable" %s "$all"
}

# command_into VARIABLE COMMAND: with the values in it; empty where one is not known.
command_into() {
  local filled=$2 key
  for key in stack user 1 uuid file url host port; do
    if [[ $filled == *"{$key}"* ]]; then
      if [[ -z ${value[$key]-} ]]; then
        printf -v "$1" %s ''
        return 0
      fi
      filled=${filled//"{$key}"/"${value[$key]}"}
    fi
  done
  printf -v "$1" %s "$filled"
}

# say_cure [INDENT]: what look_up_cure found, but for the cause: what to look at, what to do, and the commands for that.
say_cure() {
  local line
  while IFS= read -r line; do
    if [[ -n $line ]]; then note "${1-}$line"; fi
  done <<<"${CURE_LOOK}to do: $CURE"$'\n'"$CURE_FIX"
}

# hear_log: HEARD is what the commands of this step printed last. Our own lines are indented, and do not count.
hear_log() {
  local line at
  local -a lines=()
  HEARD=()
  mapfile -t lines < <(exec tail --lines=40 -- "$LOG" 2>/dev/null)
  for at in "${!lines[@]}"; do
    line=${lines[at]}
    case $line in
      '=== '*) HEARD=() ;;
      '        '*) ;;
      *) HEARD+=("$line") ;;
    esac
  done
  hear_file "$SCRATCH/attempts"
}

# hear_errors: HEARD is what went wrong within the question that was asked last.
hear_errors() {
  HEARD=()
  hear_file "$SCRATCH/stderr"
}

hear_file() {
  local line
  if [[ ! -s $1 ]]; then return 0; fi
  while IFS= read -r line || [[ -n $line ]]; do HEARD+=("$line"); done < <(exec tail --lines=10 -- "$1" 2>/dev/null)
}

# look_up_reason REASON NODE LINE...: what was heard counts before the reason.
look_up_reason() { look_up_cure "$2" "${@:3}" "$1"; }

# tell_cure REASON [NODE] [OWN_REMEDY]: the cause and what to do, where the table knows REASON or a line of HEARD.
tell_cure() {
  local node=${2-}
  CURED=no
  if [[ -z $node ]]; then node_into node "$1"; fi
  with_words_of HEARD look_up_reason "$1" "$node"
  if [[ -z $CURE_ID || ($CURE_RANK == general && -n ${3-}) ]]; then return 0; fi
  CURED=yes
  note "cause: $CAUSE"
  say_cure
}

# node_into VARIABLE REASON: the node that a command of the step was sent to, or the step's, or one that the reason names; or undercloud.
node_into() {
  local there='' candidate ours='^(sudo|as_root|with_stackrc|openstack|watched) '
  if [[ $2 =~ ^(as_root_on|on)\  ]]; then { IFS= read -r there <"$SCRATCH/failed_on"; } 2>/dev/null || :; fi
  if [[ $2 =~ $ours ]]; then there=undercloud; fi
  there=${there:-$CURRENT_NODE}
  if [[ -z $there ]]; then
    for candidate in "${NODES[@]}"; do
      if [[ $2 =~ (^|[^A-Za-z0-9_.-])"$candidate"($|[^A-Za-z0-9_-]) ]]; then there=$candidate; fi
    done
    if [[ -z $there && $2 == *'the undercloud'* ]]; then there=undercloud; fi
  fi
  printf -v "$1" %s "$there"
}
