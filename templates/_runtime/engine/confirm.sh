# The confirmation before a disruptive or destructive step, with the commands as they will run here.

# The commands of a step were taken from its apply at compile time, site values put in.
show_commands() {
  local file="$COPY/lib/commands/$SECTION-${STEP_NAME[$1]}.txt" line node=${2:-<node>}
  while IFS= read -r line; do
    note "  ${line//<node>/$node}"
  done <"$file"
}

# What the step does to the site, how long its section takes and how to go back, in the site's language: once in a run, before the first node.
TOLD_BEFORE=''
show_effect() {
  local file="$COPY/lib/before/$SECTION-${STEP_NAME[$1]}.txt" line
  if [[ $TOLD_BEFORE == *" ${STEP_ID[$1]} "* ]]; then return 0; fi
  TOLD_BEFORE+=" ${STEP_ID[$1]} "
  while IFS= read -r line; do
    note "$line"
  done <"$file"
}

# show_facts ROW NODE: shows what the step's NAME_shown, if it has one, prints about what it will affect. If that fails, the step is refused.
show_facts() {
  local name=${STEP_NAME[$1]}_shown line
  if ! declare -F "$name" >/dev/null; then return 0; fi
  ask keep_facts "$name" ${2:+"$2"}
  if [[ $ANSWER != yes ]]; then refuse "cannot show what this step affects: ${WHY:-no reason given}" "$REMEDY"; fi
  while IFS= read -r line; do
    note "$(plain "$line")"
  done <"$SCRATCH/facts"
}
keep_facts() { "$@" >"$SCRATCH/facts"; }

# ask_operator PROMPT: sets REPLY to what is typed from now on; keys typed before the question are discarded. If that fails, nothing is asked,
# and REPLY is empty.
ask_operator() {
  local python
  local -i status
  python_into python
  REPLY=''
  if [[ -t 0 ]] && ! "$python" -S -c 'import termios; termios.tcflush(0, termios.TCIFLUSH)' 2>>"$SCRATCH/stderr"; then
    complain "cannot discard what was typed before the question: $(said_last)"
    return 0
  fi
  printf 'yes\n' 2>/dev/null >"$SCRATCH/asking" || :
  { printf '        %s%s %s' "$BOLD" "$1" "$PLAIN" 1>&"$SCREEN_FD"; } 2>/dev/null || screen_is_gone
  # bash notices a Ctrl-C that comes just before a read only after it: so it reads for a second at a time
  while status=0; do
    IFS= read -r -t 1 REPLY || status=$?
    if ((status <= 128)); then break; fi
  done
  if ((status > 0)); then REPLY=''; fi
  printf 'no\n' 2>/dev/null >"$SCRATCH/asking" || :
}

# confirm_step ROW NODE: comes back where the operator wants it, and ends the run elsewhere.
confirm_step() {
  local risk=${STEP_RISK[$1]} node=$2 id=${STEP_ID[$1]} word
  if [[ $risk == low ]]; then return 0; fi
  DOING=confirming
  note "$risk"
  show_effect "$1"
  note 'will run:'
  show_commands "$1" "$node"
  show_facts "$1" "$node"
  DOING=confirming
  if [[ $risk == disruptive && $YES == yes ]]; then
    journal "$id" "$node" confirmed '--yes'
    return 0
  fi
  if [[ ! -t 0 ]]; then
    journal "$id" "$node" waiting 'no terminal to ask on'
    stop 4 waiting "a $risk step needs confirmation, but there is no terminal to ask on" \
      "$(if [[ $risk == disruptive ]]; then printf 'run it on a terminal, or with --yes'; else printf 'run it on a terminal'; fi)"
  fi
  word=y
  if [[ $risk == destructive ]]; then word=${node:-$SITE_NAME}; fi
  ask_operator "type $word to continue, anything else stops here:"
  if [[ $REPLY != "$word" && ! ($word == y && $REPLY == [Yy]es) ]]; then
    journal "$id" "$node" waiting 'not confirmed'
    stop 4 waiting 'not confirmed'
  fi
  journal "$id" "$node" confirmed 'on the terminal'
}
