# ssh refuses an unknown or changed host key by itself; the name shows whether the address is the node's.
nodes_answer_check() {
  judge_nodes all judge_host_name read_host_name
  pass_unless_found "all $(count_of all) nodes answer ssh, with a known host key and their own name"
}

read_host_name() { hostname --short; }

judge_host_name() {
  local name
  name=$(cat)
  if ! is_host_of "$name" "$1"; then
    fail "$1: the host at $(node_address "$1") reports its name as ${name:-nothing}" 'correct the address in the spec, and compile again' \
      "# UNRESOLVED address of $1, instead of $(node_address "$1")"
  fi
}
