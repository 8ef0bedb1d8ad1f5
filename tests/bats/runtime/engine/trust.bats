# The nodes' host keys: which are known, which are verified by a controller, and that no host verifies its own, under whichever name.

load ../helpers

# Two controllers and a compute. What a node shows is in $WORLD/keys-ADDRESS, the list that it has in $WORLD/list-ADDRESS; ssh-keygen is the real
# one. `KEY[name]` are made once: `TYPE KEY`.
setup_file() {
  local name kind
  if ! command -v ssh-keygen >/dev/null; then return; fi
  export KEYS=$BATS_FILE_TMPDIR
  for name in one two compute jump other; do
    for kind in ed25519 ecdsa; do ssh-keygen -q -t "$kind" -N '' -C '' -f "$KEYS/$name-$kind" </dev/null; done
  done
}

setup() {
  if ! command -v ssh-keygen >/dev/null; then skip 'the machine has no ssh-keygen'; fi
  bundle_up
  printf '# name\trole\taddress\tgroups\nc1\tController\t192.0.2.10\tall,controllers\nc2\tController\t192.0.2.11\tall,controllers\nn1\tCompute\t192.0.2.20\tall,computes\n' \
    >"$BUNDLE/lib/nodes.tsv"
  mkdir -p "$HOUSE/.ssh"
  KNOWN=$HOUSE/.ssh/known_hosts
  tool ssh-keyscan 'address=${!#} port=22
while (($# > 1)); do if [[ $1 == -p ]]; then port=$2; fi; shift; done
name=$address
if [[ $port != 22 ]]; then name="[$address]:$port"; fi
if [[ -e $WORLD/slow-$address ]]; then exit 124; fi
while IFS= read -r line; do printf "%s %s\n" "$name" "$line"; done <"$WORLD/keys-$address"'
  # (of a jump host the words after -- and its name are a scan)
  tool ssh 'file="" address=""
for word in "$@"; do
  case $word in
    ssh-keyscan*) exec $word ;;
    UserKnownHostsFile=*) file=${file:-${word#*=}} ;;
    *@192.0.2.*) address=${word#*@} ;;
  esac
done
if [[ -e $WORLD/endless ]]; then exec yes; fi
cut -d" " -f2- "$file" | grep --quiet --fixed-strings --file=- "$WORLD/keys-$address" || exit 255
cat "$WORLD/list-$address"'
  shows 192.0.2.10 one
  shows 192.0.2.11 two
  shows 192.0.2.20 compute
}

key() { cut -d' ' -f1,2 "$KEYS/$1-${2:-ed25519}.pub"; }
shows() { key "$2" "${3:-ed25519}" >"$WORLD/keys-$1"; }

# lists LISTER ADDRESS NAME...: the list of LISTER has these keys for the address, one after the other.
lists() {
  local name
  for name in "${@:3}"; do printf '%s %s\n' "$2" "$(key "$name")" >>"$WORLD/list-$1"; done
}

trust() {
  # (the lists of words are of this test)
  words '. "$BUNDLE/lib/engine/trust.sh"; last_words() { cat "$1"; }; trust_nodes'
}

# verdict WORD NODE
verdict() { grep --quiet "^$1 *$2 " <<<"$output" || has "$1 $2"; }

@test "of two controllers whose keys are not known the first is compared by people: they could list each other" {
  lists 192.0.2.10 192.0.2.11 two
  lists 192.0.2.10 192.0.2.20 compute
  lists 192.0.2.11 192.0.2.10 one
  lists 192.0.2.11 192.0.2.20 compute
  trust
  exits 4
  verdict new c1
  verdict listed c2
  verdict listed n1
  has "another controller's list (c1, c2) has"
}

@test "a controller whose key is known verifies the one that is not, and is asked first" {
  lists 192.0.2.11 192.0.2.10 one
  lists 192.0.2.10 192.0.2.20 compute
  printf '192.0.2.11 %s\n' "$(key two)" >"$KNOWN"
  trust
  exits 4
  verdict listed c1
  verdict known c2
  has "another controller's list (c2, c1) has"
}

@test "of two controllers that are known each verifies another kind of key of the other" {
  printf '192.0.2.10 %s\n192.0.2.11 %s\n' "$(key one)" "$(key two)" >"$KNOWN"
  key one ecdsa >>"$WORLD/keys-192.0.2.10"
  lists 192.0.2.10 192.0.2.20 compute
  printf '192.0.2.10 %s\n' "$(key one ecdsa)" >"$WORLD/list-192.0.2.11"
  trust
  exits 4
  grep --quiet '^listed *c1 .*ecdsa' <<<"$output"
}

@test "a controller is not verified by its own list" {
  lists 192.0.2.10 192.0.2.10 one
  lists 192.0.2.11 192.0.2.20 compute
  printf '192.0.2.11 %s\n' "$(key two)" >"$KNOWN"
  trust
  verdict new c1
}

@test "who shows the same key is the same host, and does not verify its own under another name" {
  shows 192.0.2.11 one
  lists 192.0.2.10 192.0.2.11 one
  lists 192.0.2.11 192.0.2.10 one
  trust
  exits 4
  verdict new c1
  verdict new c2
}

# through_jump HOP: c2, which is verified else, with this way to all nodes.
through_jump() {
  lists 192.0.2.10 192.0.2.11 two
  sed -i "s|^SSH_SITE_OPTIONS=.*|SSH_SITE_OPTIONS=(-o ProxyJump=$1)|" "$BUNDLE/lib/site.sh"
}

@test "a jump host that is no controller's verifies nothing, and forbids nothing" {
  through_jump gate.example.com
  printf 'gate.example.com %s\n' "$(key jump)" >"$KNOWN"
  trust
  verdict listed c2
}

@test "a jump host that is a controller is asked through itself: no list counts for it" {
  through_jump me@jump,other@192.0.2.11:22
  trust
  verdict new c2
}

@test "a jump host under another name is known by its key" {
  through_jump gate.example.com
  printf 'gate.example.com %s\n' "$(key two)" >"$KNOWN"
  trust
  verdict new c2
}

@test "a list with another key for a node contradicts it, also where its names are hashed" {
  lists 192.0.2.10 192.0.2.20 other
  ssh-keygen -q -H -f "$WORLD/list-192.0.2.10" 2>/dev/null
  trust
  exits 3
  verdict contradicted n1
  has 'differs from the known one; nothing was written'
}

@test "a list has a node's name with a port, or for any port" {
  lists 192.0.2.10 '[192.0.2.20]:22' other
  trust
  verdict contradicted n1
  rm "$WORLD/list-192.0.2.10"
  lists 192.0.2.10 '[192.0.2.20]*' other
  trust
  verdict contradicted n1
}

@test "a list with carriage returns is a list" {
  printf '192.0.2.20 %s\r\n' "$(key compute)" >"$WORLD/list-192.0.2.10"
  trust
  verdict listed n1
}

@test "a key that a list calls revoked is refused" {
  printf '@revoked * %s\n' "$(key compute)" >"$WORLD/list-192.0.2.10"
  trust
  exits 3
  verdict revoked n1
}

@test "a key that known_hosts calls revoked is refused, though it has the same as a good one" {
  printf '192.0.2.20 %s\n@revoked 192.0.2.20 %s\n' "$(key compute)" "$(key compute)" >"$KNOWN"
  trust
  exits 3
  verdict revoked n1
}

@test "an authority of a list is no host's key" {
  printf '@cert-authority * %s\n' "$(key compute)" >"$WORLD/list-192.0.2.10"
  trust
  exits 4
  verdict new n1
}

@test "known hosts are read with carriage returns" {
  printf '192.0.2.10 %s\r\n192.0.2.11 %s\r\n192.0.2.20 %s\r\n' "$(key one)" "$(key two)" "$(key compute)" >"$KNOWN"
  trust
  exits 0
  has 'nothing to write'
}

# others_file: n1's key is in the second of two files, under a hashed name.
others_file() {
  printf '192.0.2.10 %s\n192.0.2.11 %s\n' "$(key one)" "$(key two)" >"$KNOWN"
  printf '192.0.2.20 %s\n' "$(key compute)" >"$HOUSE/.ssh/others"
  ssh-keygen -q -H -f "$HOUSE/.ssh/others" 2>/dev/null
  sed -i 's|^SSH_SITE_OPTIONS=.*|SSH_SITE_OPTIONS=(-o "UserKnownHostsFile=~/.ssh/known_hosts ~/.ssh/others")|' "$BUNDLE/lib/site.sh"
}

@test "every file of the spec has known hosts, hashed ones too" {
  others_file
  trust
  exits 0
  has 'nothing to write'
}

@test "a key that differs from the one in any of the files has changed" {
  others_file
  shows 192.0.2.20 other
  trust
  exits 3
  verdict changed n1
}

@test "a key that differs has changed, though another kind of the same host is the known one" {
  printf '192.0.2.20 %s\n192.0.2.20 %s\n' "$(key compute)" "$(key compute ecdsa)" >"$KNOWN"
  shows 192.0.2.20 other
  key compute ecdsa >>"$WORLD/keys-192.0.2.20"
  trust
  exits 3
  grep --quiet '^changed *n1 .*ed25519' <<<"$output"
}

@test "a host that shows a key of another kind alone, and none that is known, has changed" {
  printf '192.0.2.20 %s\n' "$(key compute)" >"$KNOWN"
  shows 192.0.2.20 other ecdsa
  trust
  exits 3
  verdict changed n1
}

@test "a second kind of key beside the known one is new" {
  printf '192.0.2.20 %s\n' "$(key compute)" >"$KNOWN"
  key compute ecdsa >>"$WORLD/keys-192.0.2.20"
  trust
  exits 4
  grep --quiet '^new *n1 .*ecdsa' <<<"$output"
  grep --quiet '^known *n1 .*ed25519' <<<"$output"
}

@test "at another port a name has its port, in known_hosts and in a list" {
  sed -i 's|^SSH_SITE_OPTIONS=.*|SSH_SITE_OPTIONS=(-o Port=2200)|' "$BUNDLE/lib/site.sh"
  printf '[192.0.2.10]:2200 %s\n192.0.2.20 %s\n' "$(key one)" "$(key other)" >"$KNOWN"
  lists 192.0.2.10 '[192.0.2.20]:2200' compute
  trust
  exits 4
  verdict known c1
  verdict listed n1
}

@test "keys are written to a file, and not to what keeps nothing" {
  ln -s /dev/null "$KNOWN"
  trust
  exits 3
  has "keys cannot be written to $KNOWN"
}

@test "a node that does not answer in time holds up none of the others" {
  : >"$WORLD/slow-192.0.2.11"
  lists 192.0.2.10 192.0.2.20 compute
  trust
  has 'no key from: c2'
  verdict new c1
  verdict listed n1
  grep --quiet 'timeout "$TRUST_LIMIT" "${scan\[@\]}"' "$BUNDLE/lib/engine/trust.sh"
}

@test "what a scan says beside keys is left out: a greeting, control characters, half a key" {
  printf '\e[8mssh-ed25519 AAAA\nssh-ed25519 AAAA\nssh-rsa $(id)\n%s\r\n%s\n' "$(key compute)" "$(key compute)" >"$WORLD/keys-192.0.2.20"
  trust
  exits 4
  same 1 "$(grep --count ' n1 ' <<<"$output")"
  lacks $'\e'
}

@test "a list without an end is discarded, and the disk is not filled" {
  : >"$WORLD/endless"
  trust
  exits 4
  verdict new n1
  lacks 'limit'
}
