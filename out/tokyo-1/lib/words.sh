# What a view, a record or a host has said, `word value` a line.

# value_of WORD: its value, or its values a line each, from stdin; a no where it is not said.
value_of() {
  local line
  local -i missing=1
  while IFS= read -r line; do
    if [[ $line != "$1" && $line != "$1 "* ]]; then continue; fi
    line=${line#"$1"}
    printf '%s\n' "${line# }"
    missing=0
  done
  return "$missing"
}

# fact_of WORD: the same; nothing where it is not said.
fact_of() { value_of "$1" || :; }
