# lib/engine/remedies.tsv: what a tool says, and what the run says of it. Each row is met by what the tool really prints: tests/data/remedies/ID.txt.

load ../helpers

setup() {
  bundle_up
  section_script 2.30 <<'TEXT'
try_it_requires() { return 0; }
try_it_satisfied() {
  if [[ -e $WORLD/unknown ]]; then
    cat -- "$WORLD/said" >&2
    return 2
  fi
  return 1
}
try_it_apply() {
  cat -- "$WORLD/said"
  [[ -e $WORLD/well ]]
}
try_it_verify() { [[ -e $WORLD/well ]]; }
look_at_it_check() { fail "cannot tell: $(tail --lines=1 -- "$WORLD/said")"; }
steps
each computes
2.30/1 try_it change low - 0 Try it
end_each
2.30/2 look_at_it check low - 0 Look at it
TEXT
  seal
  TABLE="$REPOSITORY/templates/_runtime/engine/remedies.tsv" SAMPLES="$REPOSITORY/tests/data/remedies"
}

@test "every row is met by its sample through a failed apply: its own cause, its own words and commands, and no other" {
  local id rank how pattern cause remedy look _
  while IFS=$'\t' read -r id rank how pattern cause remedy look _; do
    if [[ $id == '#'* ]]; then continue; fi
    cp "$SAMPLES/$id.txt" "$WORLD/said"
    go 2.30 --node n1
    exits 1 || return
    has "cause: $cause" || { echo "$id"; return 1; }
    has "        to do: ${remedy%%'{section '*}" || { echo "$id"; return 1; }
    if [[ $look == 'node: '* && $look != *\{* ]]; then
      look=${look#node: }
      look=${look%% ;; *}
      has "        look at it: ssh -n heat-admin@192.0.2.1 '$look'" || { echo "$id"; return 1; }
    fi
    has "to continue, when that is done: cd $BUNDLE && ./2.30-section.sh" || return
    same 1 "$(grep -c 'cause:' <<<"$output")" || return
  done <"$TABLE"
}

@test "rows are met through a question that cannot tell too" {
  local id rank how pattern cause _
  local -i at=0
  touch "$WORLD/unknown"
  while IFS=$'\t' read -r id rank how pattern cause _; do
    if [[ $id == '#'* ]]; then continue; fi
    # one in six: the table is read by the same word
    if (((at += 1) % 6)); then continue; fi
    cp "$SAMPLES/$id.txt" "$WORLD/said"
    go 2.30 --node n1
    exits 3 || return
    has "cause: $cause" || { echo "$id"; return 1; }
  done <"$TABLE"
}

@test "what is not in the table has neither cause nor remedy" {
  local line
  while IFS= read -r line; do
    printf '%s\n' "$line" >"$WORLD/said"
    go 2.30 --node n1
    exits 1 || return
    lacks 'cause:' || return
    lacks 'to do:' || return
    has "to continue: cd $BUNDLE && ./2.30-section.sh" || return
  done <<'TEXT'
-- Dump completed on 2018-06-26 10:17:22
3 of 9 nodes are done
Complete!
Loaded plugins: product-id, search-disabled-repos, subscription-manager
Updated: mariadb-libs-3:10.1.20-2.el7 openvswitch-2.9.0-56.el7fdp
overcloud-compute-0: available, power on
2018-06-26 10:17:22Z [overcloud]: UPDATE_COMPLETE  Stack UPDATE completed successfully
an unknown word of an unknown tool
TEXT
}

@test "a finding of a check that fails has them too" {
  cp "$SAMPLES/galera_not_ready.txt" "$WORLD/said"
  touch "$WORLD/well"
  go 2.30
  exits 1
  has "cause: this node's Galera is not part of the cluster"
}

@test "an exact row goes before a general one, a later line before an earlier one" {
  printf '%s\n' 'No valid host was found. ' 'mysqldump: Error 2013: Lost connection to MySQL server during query' \
    'ssh: connect to host 192.0.2.1 port 22: Connection timed out' >"$WORLD/said"
  go 2.30 --node n1
  has 'cause: MariaDB closed the connection'
  same 1 "$(grep -c 'cause:' <<<"$output")"
}

@test "a general row gives way to a remedy of the step's own" {
  sed -i 's/^    cat -- "$WORLD\/said" >&2$/&; why "it does not answer" "press the button"/' "$(script_of 2.30)"
  seal
  touch "$WORLD/unknown"
  cp "$SAMPLES/refused.txt" "$WORLD/said"
  go 2.30 --node n1
  has 'remedy: press the button'
  lacks 'to do:'
  cp "$SAMPLES/yum_lock.txt" "$WORLD/said"
  go 2.30 --node n1
  has 'remedy: press the button'
  has 'cause: another yum or PackageKit runs there'
}

@test "what a tool said in an earlier step is not taken for this one's" {
  cp "$SAMPLES/disk_full.txt" "$WORLD/said"
  go 2.30 --node n1
  has 'cause: a disk is full'
  echo 'nothing known' >"$WORLD/said"
  go 2.30 --node n1
  lacks 'cause:'
}

@test "an id and a name of a strict form are taken; nothing else that a tool says gets into a remedy" {
  cp "$SAMPLES/local_disk.txt" "$WORLD/said"
  go 2.30 --node n1
  has "look at it: (. $HOUSE/overcloudrc; openstack server list --all-projects --long)"
  printf '%s\n' 'Cannot migrate 5f7b6d25-f8ae-44f4-b40a-5b4b0a5d91b5: x is not on shared storage (Request-ID: req-3f1c9f5e-1b1a-4f0b-a8f1-2f4c2be9b9c1)' >"$WORLD/said"
  go 2.30 --node n1
  has "look at it: (. $HOUSE/overcloudrc; openstack server show 5f7b6d25-f8ae-44f4-b40a-5b4b0a5d91b5)"
  cp "$SAMPLES/clean_wait.txt" "$WORLD/said"
  go 2.30 --node n1
  has "then run: (. $HOUSE/stackrc; openstack baremetal node abort rack9-u12 && "
  printf '%s\n' 'Node $(reboot);{rc} is locked by host x' >"$WORLD/said"
  go 2.30 --node n1
  has "look at it: (. $HOUSE/stackrc; openstack baremetal node list --long)"
  [[ $(grep -E 'to do:|look at it:|then run:' <<<"$output") != *reboot* ]]
}

@test "a finding of a check has them under it, and the commands on a node have the options of the spec" {
  sed -i 's/^SSH_SITE_OPTIONS=.*/SSH_SITE_OPTIONS=(-o Port=2222)/' "$BUNDLE/lib/site.sh"
  sed -i 's/fail "cannot tell: /fail "n1: cannot tell: /' "$(script_of 2.30)"
  seal
  cp "$SAMPLES/libvirt_down.txt" "$WORLD/said"
  touch "$WORLD/well"
  go 2.30
  exits 1
  has "              then run: ssh -t -o Port=2222 heat-admin@192.0.2.1 'sudo systemctl start libvirtd'"
}

@test "what a terminal obeys does not hide the words, nor get on the screen" {
  printf 'mysqldump: \e[8mGot error: 1449: The user specified as a definer does not exist\e[0m\r\n' >"$WORLD/said"
  go 2.30 --node n1
  has 'cause: a view, trigger or routine'
  lacks $'\e[8m'
}

@test "what a host has said begins no command of its own in a remedy" {
  local text
  section_script 2.31 <<'TEXT'
look_at_it_check() { fail 'it is gone' "ask its owner ;; on n1: look at $(quoted "$(cat -- "$WORLD/said")")"; }
steps
2.31/1 look_at_it check low - 0 Look at it
TEXT
  seal
  for text in 'x ;; here: touch y' '~x ;; here: touch y' "it's ~ ;; rc: touch y"; do
    printf '%s\n' "$text" >"$WORLD/said"
    go 2.31
    exits 1
    has 'ask its owner: ssh '
    # it is still the word that it was: one that begins a command has lost its place
    [[ $output =~ (here|rc):[\\]?\ touch ]] || has "the text within the command"
  done
}

@test "what services and nodes call themselves or miss is a word in a remedy, and no place to run something" {
  section_script 2.31 <<'TEXT'
. lib/systems/services.sh
. lib/systems/stack_update.sh
agents_check() { credentials=rc judge_agents < <(cat -- "$WORLD/agents"); }
whole_requires() { node_is_whole n1 "$(cat -- "$WORLD/facts")"; }
whole_satisfied() { return 1; }
whole_apply() { :; }
whole_verify() { :; }
steps
2.31/1 agents check low - 0 Agents
2.31/2 whole change low - 0 Whole
TEXT
  printf 'n1: touch y #\tDHCP agent\tFalse\tUP\nn2\tDHCP agent\tFalse\tUP\n' >"$WORLD/agents"
  printf 'missing httpd; touch y\nmissing $(touch z)\n' >"$WORLD/facts"
  seal
  go 2.31
  lacks "heat-admin@192.0.2.1 'touch y"
  has "heat-admin@192.0.2.2 'sudo systemctl status"
  : >"$WORLD/agents"
  go 2.31
  has 'yum -y install httpd\;\ touch\ y \$\(touch\ z\)'
}
