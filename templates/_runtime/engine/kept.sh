# Answers that are kept for a moment: within one question the site is asked the same thing once.
#
# Whether a step worked, and whether a disruptive or destructive one may begin, is asked again each time, and an apply keeps nothing. Whether
# something is left to do, and whether a step of low risk may begin, is judged by answers less than a minute old, as long as nothing was done
# since: with hundreds of nodes the same lists would otherwise be fetched for each of them.

KEPT='' MOMENT='' LATELY='' LATELY_SINCE=0 MOMENTS=0

new_moment() {
  MOMENTS=$((MOMENTS + 1))
  KEPT=$SCRATCH/kept/$BASHPID.$MOMENTS.$RANDOM
  MOMENT=$KEPT
}

# kept NAME FUNCTION [ARG...]: calls FUNCTION, which sets SAID, once in a moment. What ends with an error is not kept.
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

# find_kept FILE: sets SAID to the answer that is kept there. Its first line says how long it is: half an answer does not count.
find_kept() {
  local IFS=''
  local -a lines=()
  mapfile lines 2>/dev/null <"$1" || return
  ((${#lines[@]} > 0)) || return
  SAID="${lines[*]:1}"
  [[ ${lines[0]} == "${#SAID}"$'\n' ]]
}

# ask_lately QUESTION [ARG...]: `ask`, which may use answers less than a minute old.
ask_lately() {
  local KEPT
  if [[ -z $LATELY ]] || ((STEADY - LATELY_SINCE >= 60)); then
    new_moment
    LATELY=$KEPT LATELY_SINCE=$STEADY
  fi
  KEPT=$LATELY
  ask "$@"
}

# learnt_since SECONDS: what the last question learnt is used until something is done. SECONDS: STEADY when it was asked.
learnt_since() { LATELY=$MOMENT LATELY_SINCE=$1; }

# judged_lately: we are in a question that may use answers less than a minute old.
judged_lately() { [[ -n $KEPT && $KEPT == "$LATELY" ]]; }

# Something is about to be done: what was learnt before is not used any more.
forget_lately() {
  LATELY=''
  # nothing uses these now
  if ((MOMENTS > 200)); then
    rm --recursive --force -- "$SCRATCH/kept"
    mkdir -- "$SCRATCH/kept"
    MOMENTS=0
  fi
}
