# Answers that are kept for a moment: within one question the world is asked the same thing once.
#
# Whether a step worked is asked anew, whether a disruptive or destructive one may begin too, and an apply keeps nothing. Whether something
# is left to do, and whether a step of low risk may begin, may be judged by what was learnt less than a minute ago, as long as nothing was
# done since: on a site of hundreds of nodes the same lists would otherwise be fetched for each of them, over and over.

KEPT='' MOMENT='' LATELY='' LATELY_SINCE=0 MOMENTS=0

new_moment() {
  MOMENTS=$((MOMENTS + 1))
  KEPT=$SCRATCH/kept/$BASHPID.$MOMENTS.$RANDOM
  MOMENT=$KEPT
}

# kept NAME WORD [ARG...]: a word that sets SAID, asked once in a moment. What ends with an error is not kept.
kept() {
  local place=$KEPT.${1//[^A-Za-z0-9_.-]/_}
  shift
  if [[ -z $KEPT ]]; then
    "$@"
    return
  fi
  if find_kept "$place"; then return 0; fi
  SAID=''
  "$@" || return
  # of several that ask at once, one writes
  set -o noclobber
  { printf '%d\n%s' "${#SAID}" "$SAID" >"$place"; } 2>/dev/null || :
  set +o noclobber
}

# find_kept FILE: sets SAID to the answer that is kept there. Its first line says how long it is: half an answer is none.
find_kept() {
  local IFS=''
  local -a lines=()
  mapfile lines 2>/dev/null <"$1" || return
  ((${#lines[@]} > 0)) || return
  SAID="${lines[*]:1}"
  [[ ${lines[0]} == "${#SAID}"$'\n' ]]
}

# ask_lately QUESTION [ARG...]: `ask`, by what was learnt lately.
ask_lately() {
  local KEPT
  if [[ -z $LATELY ]] || ((STEADY - LATELY_SINCE >= 60)); then
    new_moment
    LATELY=$KEPT LATELY_SINCE=$STEADY
  fi
  KEPT=$LATELY
  ask "$@"
}

# learnt_since SECONDS, of STEADY: what the last question learnt holds until something is done; it was not asked before.
learnt_since() { LATELY=$MOMENT LATELY_SINCE=$1; }

# judged_lately: within a question that may be answered by what was learnt lately.
judged_lately() { [[ -n $KEPT && $KEPT == "$LATELY" ]]; }

# Something is about to be done: what was learnt before it holds no longer.
forget_lately() {
  LATELY=''
  # kept for nobody now
  if ((MOMENTS > 200)); then
    rm --recursive --force -- "$SCRATCH/kept"
    mkdir -- "$SCRATCH/kept"
    MOMENTS=0
  fi
}
