# What a view, a record or a host has said: lines of `word value`.

# with_words_of LIST COMMAND [ARG...]: the command with ARG... and then each word of the list, by its name, which may be empty: the bash of
# RHEL 7 takes an empty list for a variable that is not set, so that `"${LIST[@]}"` would end the shell.
with_words_of() {
  local list_and_all="${1}[@]"
  shift
  "$@" ${!list_and_all+"${!list_and_all}"}
}

# python_into NAME: RHEL 7 has no python3 of its own, and a newer host no `python`.
python_into() { if command -v python >/dev/null; then printf -v "$1" python; else printf -v "$1" python3; fi; }

# numbers NAME...: each of these variables holds a whole number; else cannot tell. Bash takes the text in `(( ))`, after -gt and in the
# subscript of a list for an expression, and runs a `$(...)` in it: so what comes from elsewhere is checked first.
numbers() {
  local variable said
  for variable in "$@"; do
    if [[ ${!variable-} =~ ^(0|[1-9][0-9]{0,17})$ ]]; then continue; fi
    plain_into said "${!variable-}"
    why "a number was asked for, and the answer is: ${said:0:60}" 'look at what answers so; nothing was done with it'
    return 2
  done
}

# find_value WORD TEXT: sets SAID to its value, or its values one per line; a no where there is none.
find_value() {
  local line
  local -i missing=1
  SAID=''
  while IFS= read -r line; do
    if [[ $line != "$1" && $line != "$1 "* ]]; then continue; fi
    line=${line#"$1"}
    SAID+=${SAID:+$'\n'}${line# }
    missing=0
  done <<<"$2"
  return "$missing"
}

# find_fact WORD TEXT: the same; nothing where there is none.
find_fact() { find_value "$@" || :; }

# value_of WORD: its value from stdin, printed; a no where there is none.
value_of() {
  local text
  IFS= read -r -d '' text || :
  printed find_value "$1" "${text%$'\n'}"
}

# fact_of WORD: the same; nothing where there is none.
fact_of() { value_of "$1" || :; }
