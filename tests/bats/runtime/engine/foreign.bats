# What comes from outside is data: what a node, a client, a tenant or somebody at the keyboard says is never run, and never draws.

load ../helpers

setup() { bundle_up; }

TEXTS=('a[$(touch EXECUTED)]' '1+a[$(touch EXECUTED)]' '$(touch EXECUTED)' '`touch EXECUTED`' '08' '-1' '1e9' '' ' 1' $'1\n2' '99999999999999999999' '0x10')

@test "numbers: a whole number and nothing else, and nothing of what stands there is run" {
  cd "$WORLD"
  for text in "${TEXTS[@]}"; do
    TEXT=$text words 'q() { local found=$TEXT; numbers found || return 2; ((found >= 0)); }; ask q; echo "$ANSWER: $WHY"'
    has 'unknown: a number was asked for'
    [[ ! -e EXECUTED ]]
  done
  for text in 0 7 123456789012345678; do
    TEXT=$text words 'q() { local found=$TEXT; numbers found || return 2; ((found >= 0)); }; ask q; echo "$ANSWER"'
    same yes "$output"
  done
}

@test "numbers: one that is wrong among those that are right is enough" {
  words 'one=1 two=no three=3; q() { numbers one two three || return 2; }; ask q; echo "$ANSWER $WHY"'
  same 'unknown a number was asked for, and the answer is: no' "$output"
}

# What a terminal obeys: a title, a cleared screen, a colour, a backspace, C1, a lone return; what turns or hides letters: marks of direction, a
# separator, characters without a width; and such as come together only when what is between them is taken out.
RAW=$'a\e]0;title\a\e[2J\e[31mb\bc\xc2\x9b31md\re\u202egnp\u2066x\u2069\u200b\u2028\ufeff\u2060'
RAW+=$'f\xc2\x01\x9b31m\xc2\e\x9b\xc2\x7f\x9b\xc2\xc2\x9b\x9b\xc2\xe2\x80\xae\x9b\xe2\x01\x80\xae\xe2\xc2\x9b\x80\xae\xe2\x80\xc2\x9b\xae\xef\xbb\x02\xbf'

clean() {
  if LC_ALL=C grep --quiet $'[\x01-\x08\x0b-\x1f\x7f]\\|\xc2[\x80-\x9f]\\|\xe2\x80[\x8b-\x8f\xa8-\xae]\\|\xe2\x81[\xa0-\xaf]\\|\xef\xbb\xbf' <<<"$1"; then
    printf 'raw: %q\n' "$1" >&2
    return 1
  fi
}

@test "no word to people lets a control character through: note, say, complain, a reason, a remedy, a wait" {
  export RAW
  for call in 'note "$RAW"' 'say "$RAW"' 'complain "$RAW"' 'q() { why "$RAW" "$RAW"; return 1; }; ask q; printf "%s\n" "$WHY$REMEDY"' \
    'q() { why "$RAW" "$RAW"; return 1; }; wait_until 1 "$RAW" q || :' 'q() { printf "%s\n" "$RAW" >&2; return 2; }; ask q; printf "%s\n" "$WHY"'; do
    words "$call"
    clean "$output"
    has title
  done
}

@test "a NUL and all that a terminal obeys stay out of the log; a hook's words too, and its status stays" {
  export RAW
  printf '#!/bin/bash\nprintf "h\\0\\e[2J\\n"\nexit 3\n' >"$WORLD/hook"
  chmod +x -- "$WORLD/hook"
  words 'LOG=$WORLD/log; printf "a\0%s\0\n" "$RAW" | to_log; run_hook "$WORLD/hook" n1 || echo "$?"'
  same 3 "$output"
  same 0 "$(tr --delete --complement '\0' <"$WORLD/log" | wc --bytes)"
  clean "$(<"$WORLD/log")"
  same 'h[2J' "$(tail --lines=1 -- "$WORLD/log")"
}

@test "an answer stands in the log whole: what follows a NUL, what went wrong, a line without its end, and nothing of a terminal's" {
  local there='LOG=$WORLD/log; . "$BUNDLE/lib/engine/everywhere.sh"; log_answer n1 "$WORLD/n1"'
  printf 'a\0b\n' >"$WORLD/n1.out"
  printf 'not quite' >"$WORLD/n1.err"
  words "$there"
  same $'--- n1\nab\nnot quite' "$(<"$WORLD/log")"
  printf 'plain\n\tand 日本\n' >"$WORLD/n1.out"
  words ": >\"\$WORLD/log\"; $there"
  same $'--- n1\nplain\n\tand 日本\nnot quite' "$(<"$WORLD/log")"
  for said in 'a\033[2Jb' 'a\rb' '\302\233x'; do
    printf "$said\n" >"$WORLD/n1.out"
    words ": >\"\$WORLD/log\"; $there"
    clean "$(<"$WORLD/log")"
    [[ $(<"$WORLD/log") == *'not quite' ]]
  done
  printf '%09000d\0z\n' 7 >"$WORLD/n1.out"
  words ": >\"\$WORLD/log\"; $there"
  same 9002 "$(sed --quiet 2p -- "$WORLD/log" | wc --bytes)"
}

@test "a list of failed units that was not read to its end is no good news" {
  local judge='. "$BUNDLE/lib/systems/hosts.sh"; new_moment; judge_units n1; cat -- "$SCRATCH/findings"'
  words ": >\"\$SCRATCH/findings\"; ${judge/n1/n1 <<<\"Welcome to the overcloud\"}"
  has 'the failed units cannot be listed'
  words ": >\"\$SCRATCH/findings\"; ${judge/n1/n1 <<<others}"
  same '' "$output"
}

@test "our own colours stay, and nothing that only looks like them" {
  words 'RED=$'"'\\e[31m'"' PLAIN=$'"'\\e[0m'"'; put "$RED$(printf "\e[2J")red$PLAIN"'
  same $'\e[31m[2Jred\e[0m' "$output"
}

@test "what a command of a step prints reaches screen and log as text, its last line too" {
  section_script 2.40 <<'S'
simple loud
loud_apply() { printf 'first\e[2J\r\nsecond\e]0;t\a'; touch "$WORLD/loud"; }
steps
2.40/1 loud change low - 60 A loud step
S
  seal
  go 2.40
  exits 0
  clean "$output"
  has 'first[2J'
  has 'second]0;t'
  clean "$(cat "$STATE/logs/2.40.log")"
  [[ $(<"$STATE/logs/2.40.log") == *'second]0;t'* ]]
}

# Types Y while the step before still works: it waits until the key has arrived.
early() {
  section_script 2.41 <<'S'
simple calm rough
calm_apply() {
  echo 'working'
  python3 -c 'import select; select.select([open("/dev/tty")], [], [], 20)'
  touch "$WORLD/calm"
}
steps
2.41/1 calm  change low        - 60 A calm step
2.41/2 rough change disruptive - 60 A rough step
S
  seal
}

@test "a key that is typed before the question is shown answers nothing" {
  early
  on_terminal 'working=>y|no' 2.41
  exits 4
  has 'not confirmed'
  same '' "$(calls)"
}

@test "a key that is typed at the question is its answer, whatever came before" {
  early
  on_terminal 'working=>n|y' 2.41
  exits 0
  same rough "$(calls)"
}

@test "Ctrl-C at a question says that nothing was done, on a line of its own" {
  early
  on_terminal 'working=>n|^C' 2.41
  exits 130
  has 'before 2.41/2 A rough step began'
  lacks 'stops here: ^C        interrupted'
  grep -q '^        interrupted with Ctrl-C' <<<"$output"
  same '' "$(calls)"
}

@test "Ctrl-C at the question of a step that asks says that nothing was done" {
  section_script 2.46 <<'S'
word_requires() { :; }
word_satisfied() { [[ -e $WORLD/said ]]; }
word_attend() { ask_operator 'your word; stops here:'; touch "$WORLD/said"; }
word_verify() { word_satisfied; }
steps
2.46/1 word attended low - 60 The operator says a word
S
  seal
  on_terminal '^C' 2.46
  exits 130
  has 'was asking; nothing was done'
  lacks 'half done'
}

@test "what is added to a script while it runs is not run" {
  section_script 2.42 <<'S'
simple slow
slow_apply() { echo 'touch "$WORLD/ADDED"' >>"$BUNDLE/2.42-section.sh"; touch "$WORLD/slow"; }
steps
2.42/1 slow change low - 60 A slow step
S
  seal
  go 2.42
  exits 0
  ! world ADDED
}

@test "neither PYTHONPATH nor an exported function nor a mode of the shell changes what runs" {
  section_script 2.43 <<'S'
simple calm
steps
2.43/1 calm change low - 60 A calm step
S
  seal
  mkdir "$BATS_TEST_TMPDIR/modules"
  printf 'import os\nos.mkdir(os.environ["WORLD"] + "/RUN")\n' | tee "$BATS_TEST_TMPDIR/modules/json.py" >"$BATS_TEST_TMPDIR/modules/sitecustomize.py"
  export PYTHONPATH="$BATS_TEST_TMPDIR/modules"
  words 'q() { parsed heat busy <<<"[]"; }; ask q; echo "$ANSWER"'
  same yes "$output"
  ! world RUN
  unset PYTHONPATH
  run env 'BASH_FUNC_unset%%=() { :; }' 'BASH_FUNC_read%%=() { mkdir "$WORLD/RUN"; }' 'BASH_FUNC_declare%%=() { :; }' \
    'BASH_FUNC_sha256sum%%=() { :; }' "$RUNBOOK_BASH" "$(script_of 2.43)" </dev/null
  exits 0
  ! world RUN
  same calm "$(calls)"
  rm -- "$WORLD/calm" "$WORLD/calls"
  printf '# changed\n' >>"$BUNDLE/lib/engine/gate.sh"
  run env SHELLOPTS=noglob 'BASH_FUNC_sha256sum%%=() { :; }' "$RUNBOOK_BASH" "$(script_of 2.43)" </dev/null
  exits 3
}

@test "nothing of a library that was changed runs, not even to be refused" {
  section_script 2.45 <<'S'
simple calm
steps
2.45/1 calm change low - 60 A calm step
S
  seal
  printf 'mkdir "$WORLD/RUN"; gate_bundle() { :; }\n' | tee -a "$BUNDLE/lib/engine/gate.sh" >>"$BUNDLE/lib/engine/words.sh"
  go 2.45
  exits 3
  has 'bundle files were modified: lib/engine/gate.sh: FAILED'
  ! world RUN
}

@test "who did it is who has logged in; what sudo says of it stands beside it" {
  section_script 2.44 <<'S'
simple calm
steps
2.44/1 calm change low - 60 A calm step
S
  seal
  export SUDO_USER=the.boss
  go 2.44
  exits 0
  [[ $(cut -f2 "$JOURNAL" | sort -u) == *' (sudo says the.boss)' ]]
}

@test "a record that was cut short does not swallow the next one" {
  mkdir -p "$STATE"
  printf 'a row without its end' | tee "$STATE/attested.tsv" >"$JOURNAL"
  words 'open_state() { WRITES=yes; state_open; }; open_state'
  same 1 "$(tail -c1 "$STATE/attested.tsv" | wc -l)"
  same 1 "$(tail -c1 "$JOURNAL" | wc -l)"
}

@test "in an apply too what a client only reads has a limit, and what it does has none" {
  : >"$WORLD/rc"
  words 'timeout() { printf "limited "; shift 2; "$@"; }; openstack() { printf "%s\n" "$*"; }; set -e
    with_rc "$WORLD/rc" openstack compute service list --long; with_rc "$WORLD/rc" openstack server migrate list'
  same $'limited compute service list --long\nserver migrate list' "$output"
}

@test "a trace of the run shows no password" {
  printf 'export OS_PASSWORD=gentle-secret\n' >"$WORLD/rc"
  words 'set -x; with_rc "$WORLD/rc" true; hear_rc "$WORLD/rc" true; shown() { ! [[ $OS_PASSWORD == x ]]; }; with_rc "$WORLD/rc" shown'
  exits 0
  if grep gentle-secret <<<"$output"; then return 1; fi
}

@test "evidence that does not fit leaves nothing half packed, and says so" {
  words '. lib/engine/evidence.sh; STATE=$WORLD/state JOURNAL=$STATE/journal.tsv CHANGE=C1 DIGEST=d WHO=ito COPY_TO= BACKUP_DIR=/backup; hear_root() { return 1; }; keep_software() { :; }; : >"$SCRATCH/unlisted"
    mkdir -p "$STATE/logs" "$STATE/evidence"; touch SHA256SUMS manifest.json lib/accepted.tsv; printf "# name\n" >"$BUNDLE/lib/nfv_instances.tsv"
    tar() { echo "tar: No space left on device" >&2; return 2; }; pack_evidence'
  exits 3
  has 'the evidence cannot be packed: tar: No space left on device'
  same '' "$(find "$WORLD/state" -type f)"
}

@test "evidence shows on a terminal what it is at, and elsewhere the archive alone" {
  local packs='. lib/engine/evidence.sh; STATE=$WORLD/state JOURNAL=$WORLD/state/journal.tsv SITE_NAME=lab CHANGE=C1 DIGEST=d WHO=ito COPY_TO= BACKUP_DIR=/backup
    hear_root() { return 1; }; keep_software() { :; }; report() { if [[ $1 == clean ]]; then python3 -S "$BUNDLE/lib/report/clean.py" "${@:2}"; fi; }; : >"$SCRATCH/unlisted"
    mkdir -p "$STATE/logs" "$STATE/evidence"; touch SHA256SUMS manifest.json lib/accepted.tsv; printf "# name\n" >"$BUNDLE/lib/nfv_instances.tsv"
    echo kept >"$STATE/logs/2.00.log"; echo kept >"$STATE/logs/2.01.log"; pack_evidence'
  words "$packs"
  exits 0
  [[ ${lines[0]} == "$WORLD"/state/evidence-*.tar.gz ]]
  TERM=xterm run "${PYTHON:-python3}" "$REPOSITORY/tests/bats/runtime/terminal.py" '' "$RUNBOOK_BASH" "$BATS_TEST_TMPDIR/words.sh"
  exits 0
  has 'asking every host for its packages ...'
  has 'taking the secrets out of the records: 2 of 2 files'
  # the line is taken away before the archive is named
  has $'\r\e[?7l\e[K\e[?7h'"$WORLD/state/evidence-"
}

@test "scratch files stand where ssh can have its sockets" {
  mkdir -p -- "$WORLD/a %h"
  TMPDIR="$WORLD/a %h" words 'printf "%s\n" "$SCRATCH"'
  has /tmp/osp.
}

@test "a summary that cannot be made costs no record" {
  printf 'raise SystemExit("no summary today")\n' >"$BUNDLE/lib/report/summary.py"
  words '. lib/engine/evidence.sh; STATE=$WORLD/state JOURNAL=$WORLD/state/journal.tsv DIGEST=d WHO=ito COPY_TO= BACKUP_DIR=/backup; hear_root() { return 1; }; keep_software() { :; }; : >"$SCRATCH/unlisted"
    mkdir -p "$STATE/logs" "$STATE/evidence"; touch SHA256SUMS manifest.json lib/accepted.tsv; printf "# name\n" >"$BUNDLE/lib/nfv_instances.tsv"
    echo kept >"$STATE/logs/2.00.log"; pack_evidence; tar -xzOf "$STATE"/evidence-*.tar.gz --wildcards "*/2.00.log" "*/facts.tsv"'
  exits 0
  has 'the summary cannot be made: no summary today'
  has kept
  has $'backup_unknown\tundercloud\t'
}

@test "evidence loses no line where no password is known" {
  printf 'one\ntwo\n' >"$BATS_TEST_TMPDIR/text"
  words '. lib/engine/evidence.sh; : >"$SCRATCH/secrets"; report clean "$SCRATCH/secrets" "$BATS_TEST_TMPDIR" "$WORLD" text; cat "$WORLD/text"'
  same $'one\ntwo' "$output"
}

@test "evidence keeps no secret, however it is written" {
  mkdir -p "$HOUSE"
  printf "export OS_PASSWORD='it'\"'\"'s one word'\n" >"$HOUSE/overcloudrc"
  printf 'OS_PASSWORD=plain99\n' >"$HOUSE/stackrc"
  printf 'undercloud_admin_token=abcdef012345\n' >"$HOUSE/undercloud-passwords.conf"
  cat >"$BATS_TEST_TMPDIR/text" <<'T'
1 it's one word, said twice: it's one word
2 plain99 abcdef012345
3 password: "a,b cd" after
4 password: 'three words here' after
5 mysql -uroot -pTopSecret after
6 MYSQL_PWD=TopSecret after
7 Authorization: Basic TopSecretX== after
8 key = AQBxyzzyTopSecretTopSecretTopSecretTopSe==
9 mysql+pymysql://nova:Top@Secret@192.0.2.1/nova
10 AUTH "TopSecret pw" after
11 passphrase: TopSecret after
12 ipmitool --ipmi-password TopSecret after
-----BEGIN RSA PRIVATE KEY-----
TopSecretTopSecret
-----END RSA PRIVATE KEY-----
13 the end
-----BEGIN PRIVATE KEY-----
TopSecretTopSecret
14 behind a key that was cut off
T
  words '. lib/engine/evidence.sh; printf "# name\n" >"$BUNDLE/lib/nfv_instances.tsv"; list_secrets >"$SCRATCH/secrets"
report clean "$SCRATCH/secrets" "$BATS_TEST_TMPDIR" "$WORLD" text >"$WORLD/counts"; cat "$WORLD/text"'
  for secret in "one word" plain99 abcdef "a,b" three TopSecret 'Top@' AQBx; do lacks "$secret"; done
  has '13 the end'
  has '14 behind'
  same 16 "${#lines[@]}"
  has 'said twice'
  has '192.0.2.1/nova'
  same 8 "$(grep -c 'after$' <<<"$output")"
}

# Each hostile text of the simulator as a file, with a canary that lies in this test's own world.
hostile_texts() {
  mkdir -p "$WORLD/texts"
  "${PYTHON:-python3}" - "$REPOSITORY/compiler/osp_simulator/engine/hostile.py" "$WORLD" <<'PY'
import runpy, sys
for name, text in runpy.run_path(sys.argv[1])["ANSWERS"].items():
    with open(sys.argv[2] + "/texts/" + name, "wb") as file:
        file.write(text.replace(b"/tmp/EXECUTED", sys.argv[2].encode() + b"/EXECUTED"))
PY
}

@test "what only a mishap asks for is data too: an agent, a failed migration, the console of a node, a resource that is stopped" {
  hostile_texts
  words '. lib/systems/stack_update.sh; . lib/systems/nova.sh; . lib/systems/pacemaker.sh; . lib/systems/reboot.sh
    hear_on() { SAID=$(cat "$TEXT") && heard_enough "$@"; }; hear_root_on() { SAID=$(cat "$TEXT") && heard_enough "$1"; }
    with_rc() { cat "$TEXT"; }; instances_that_stay() { echo 8c37a5c2-0b7e-4c3f-9a53-5a5b0c0a1d2e; }
    printf n1 >"$SCRATCH/spoke"
    for TEXT in "$WORLD"/texts/*; do
      tell_of_agents n1
      (tell_why_they_stay n1 cold) || :
      show_console_of n1
      ask drop_stopped_on_purpose "unsaid rabbit"
      note "heard $ANSWER $WHY $REMEDY"
    done' 2>&1
  exits 0
  same "$(find "$WORLD/texts" -type f | wc -l)" "$(grep -c ' heard ' <<<"$output")"
  clean "$output"
  same '' "$(awk 'length > 1000' <<<"$output")"
  lacks 'does not run there ([]'
  if world EXECUTED; then return 1; fi
}
