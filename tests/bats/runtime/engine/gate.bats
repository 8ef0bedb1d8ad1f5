# What must hold before anything starts.

load ../helpers

setup() {
  bundle_up
  section_script 2.30 '2.20 2.25' <<'S'
simple first rough
steps
2.30/1 first change low        - 60 The first step
2.30/2 rough change disruptive - 60 A rough step
S
  section_script 2.20 <<'S'
simple early
steps
2.20/1 early change low - 60 An early step
S
  touch "$WORLD/early"
  seal
}

@test "a bundle whose digest nobody approved is refused" {
  rm "$STATE/approved"
  go 2.30 --yes
  exits 3
  has "digest is not approved for change CHG1"
  has 'runbook approve DIGEST'
  same '' "$(calls)"
}

@test "a refused bundle leaves nothing behind" {
  rm -r "$HOUSE/osp-runbook"
  go 2.30 --yes
  exits 3
  [[ ! -e $HOUSE/osp-runbook ]]
  same '' "$(ls "$TMPDIR")"
}

@test "a changed file of the bundle is refused, in every mode" {
  printf '# a harmless word\n' >>"$BUNDLE/lib/nodes.tsv"
  for mode in --yes --dry-run --status --list; do
    go 2.30 "$mode"
    exits 3
    has 'bundle files were modified: lib/nodes.tsv'
  done
  same '' "$(calls)"
}

@test "a file that nobody compiled is refused where it would be run: a section's script, a module of a parser" {
  for added in 2.20-a.sh lib/json.py files/unit; do
    mkdir -p "$BUNDLE/files"
    printf 'exit 0\n' >"$BUNDLE/$added"
    go 2.30 --dry-run
    exits 3
    has "not part of the bundle: $added"
    rm "$BUNDLE/$added"
  done
  mv "$BUNDLE/lib" "$BATS_TEST_TMPDIR/lib"
  ln -s "$BATS_TEST_TMPDIR/lib" "$BUNDLE/lib"
  go 2.30 --dry-run
  exits 3
  has 'not part of the bundle: lib'
}

@test "a pipe, a socket or a device in place of a file of the bundle is refused by name at once, and waited for by nothing" {
  for place in lib/nodes.tsv lib/runtime.sh SHA256SUMS lib/commands/2.30-rough.txt; do
    for kind in pipe socket device; do
      mv "$BUNDLE/$place" "$BATS_TEST_TMPDIR/kept"
      case $kind in
        pipe) mkfifo "$BUNDLE/$place" ;;
        socket) python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$BUNDLE/$place" ;;
        device) ln -s /dev/zero "$BUNDLE/$place" ;;
      esac
      run timeout 30 "$RUNBOOK_BASH" "$(script_of 2.30)" --dry-run </dev/null
      exits 3
      has "bundle files were modified: $place: not a regular file"
      rm "$BUNDLE/$place"
      mv "$BATS_TEST_TMPDIR/kept" "$BUNDLE/$place"
    done
  done
  go 2.30 --dry-run
  exits 0
}

@test "sums that name what has no end are given up on" {
  tool timeout 'shift; exec /usr/bin/timeout 1 "$@"'
  printf '%064d  /dev/zero\n' 0 >>"$BUNDLE/SHA256SUMS"
  go 2.30 --dry-run
  exits 3
  has 'bundle files were modified: they cannot be read within 60 s'
}

@test "a bundle that cannot be looked through is refused, with the reason" {
  tool find 'echo "find: ./lib: Input/output error" >&2; exit 1'
  go 2.30 --dry-run
  exits 3
  has 'the bundle cannot be looked through: find: ./lib: Input/output error'
}

@test "an operator's own file beside the scripts stands in nobody's way" {
  touch "$BUNDLE/nohup.out" "$BUNDLE/my notes"
  go 2.30 --dry-run
  exits 0
}

@test "what is changed after its sum was compared does not run, nor is it read, and the next start is refused" {
  section_script 2.30 <<'STEPS'
simple first
steps
2.30/1 first change low - 10 First
STEPS
  # (so that the head calls our sha256sum)
  sed -i 's|^  PATH_OF_LOGIN=.*|  PATH_OF_LOGIN=$PATH|' "$(script_of 2.30)"
  seal
  # somebody changes the library, and a table that the run reads later, after the first look at the sums, the copy's, or the second one
  tool sha256sum '/usr/bin/sha256sum "$@" || exit
if [[ " $* " != *" --check "* ]]; then exit; fi
printf . >>"$WORLD/looks"
if [[ $(<"$WORLD/looks") != "$(<"$WORLD/when")" ]]; then exit; fi
for file in lib/site.sh lib/engine/stop.sh; do printf "%s\n" "touch -- \"\$WORLD/ran\"" >>"$BUNDLE/$file"; done
printf "exit 1\n" >"$BUNDLE/lib/engine/remedies.tsv"
rm "$BUNDLE/lib/nodes.tsv"'
  for when in . ..; do
    printf %s "$when" >"$WORLD/when"
    rm -f "$WORLD/looks"
    cp -R "$REPOSITORY/templates/_runtime/engine/." "$BUNDLE/lib/engine/"
    printf 'n1\tCompute\t192.0.2.1\tall,computes\n' >"$BUNDLE/lib/nodes.tsv"
    site
    seal
    go 2.30
    if world ran; then return 1; fi
    case $when in
      .) has 'bundle files were modified' ;;
      *) exits 0 ;;
    esac
  done
  rm "$WORLD/first"
  # changed before the copy, and changed back after it
  rm "$BATS_TEST_TMPDIR/bin/sha256sum"
  cp -R "$REPOSITORY/templates/_runtime/engine/." "$BUNDLE/lib/engine/"
  site
  seal
  tool cp 'printf "%s\\n" "touch -- \"\$WORLD/ran\"" >>lib/site.sh
/bin/cp "$@"
sed --in-place "\$d" lib/site.sh
for word in "$@"; do case $word in --target-directory=*) printf %s "${word#*=}" >"$WORLD/copy" ;; esac; done'
  go 2.30
  exits 3
  has 'bundle files were modified: lib/site.sh: FAILED'
  if world ran || world first; then return 1; fi
  # nothing of it is left behind
  if [[ -e $(<"$WORLD/copy") ]]; then return 1; fi
}

@test "a line that is put into a script while it runs does not run, wherever it is put" {
  section_script 2.30 <<'STEPS'
simple first
late() { :; }
steps
2.30/1 first change low - 10 First
STEPS
  # (more than bash reads at once)
  sed -i "s/^late() .*/&\n$(printf '%09d ' {1..2000} | fold -w 90 | sed 's/^/# /' | sed ':a;N;$!ba;s/\n/\\n/g')/" "$(script_of 2.30)"
  sed -i 's|^  PATH_OF_LOGIN=.*|  PATH_OF_LOGIN=$PATH|' "$(script_of 2.30)"
  seal
  cp "$(script_of 2.30)" "$WORLD/reviewed"
  # after the second look at the sums, by whoever has the file open: it stays the same file
  tool sha256sum '/usr/bin/sha256sum "$@" || exit
if [[ " $* " != *" --check "* ]]; then exit; fi
printf . >>"$WORLD/looks"
if [[ $(<"$WORLD/looks") != .. ]]; then exit; fi
text=$(sed "s|^$(<"$WORLD/where")|touch -- \"\$WORLD/ran\"\n&|" "$BUNDLE/2.30-section.sh")
printf "%s\n" "$text" "touch -- \"\$WORLD/ran\"" >"$BUNDLE/2.30-section.sh"'
  for where in first_requires late run_steps; do
    printf %s "$where" >"$WORLD/where"
    cat "$WORLD/reviewed" >"$(script_of 2.30)"
    rm -f "$WORLD/looks" "$WORLD/first"
    go 2.30
    exits 0
    same .. "$(head -c 2 "$WORLD/looks")"
    world first
    if world ran; then return 1; fi
  done
}

@test "a missing file of the bundle is refused" {
  rm "$BUNDLE/lib/commands/2.30-rough.txt"
  go 2.30
  exits 3
}

@test "a bundle edited together with its sums is refused until its digest is approved" {
  printf '# a harmless word\n' >>"$BUNDLE/lib/nodes.tsv"
  approved=$(cat "$STATE/approved")
  seal
  printf '%s\n' "$approved" >"$STATE/approved"
  go 2.30 --yes
  exits 3
  has "approved is ${approved:0:12}"
  approve
  go 2.30 --yes
  exits 0
}

@test "the approval of another change does not count" {
  mkdir -p "$HOUSE/osp-runbook/lab/CHG0"
  mv "$STATE/approved" "$HOUSE/osp-runbook/lab/CHG0/"
  go 2.30 --yes
  exits 3
}

@test "a bundle that is replaced while it runs is not gone on with" {
  sed -i 's|^first_apply() {|&\n  printf "# new\\n" >>"$BUNDLE/SHA256SUMS";|' "$(script_of 2.30)"
  seal
  go 2.30 --yes
  exits 3
  same first "$(calls)"
  has 'the bundle was replaced during this run'
}

@test "another user is refused" {
  site UNDERCLOUD_USER=stack_of_another_site
  seal
  go 2.30
  exits 3
  has 'this runs as stack_of_another_site'
}

@test "a section that comes before must be done" {
  rm "$WORLD/early"
  go 2.30 --yes
  exits 3
  has 'section 2.20 is not done: 2.20/1    no       An early step'
  has './2.20-section.sh, or --force-gate REASON'
  same '' "$(calls)"
}

@test "a section that is not in the bundle is not asked" {
  go 2.30 --yes
  exits 0
}

@test "--force-gate passes the order of sections, and the journal keeps its reason" {
  rm "$WORLD/early"
  go 2.30 --yes --force-gate 'done by hand, see CHG7'
  exits 0
  same 1 "$(awk -F '\t' '$8 == "gate-forced" && $9 ~ /done by hand, see CHG7 \(section 2.20 is not done/' "$JOURNAL" | wc -l)"
}

@test "--force-gate does not pass a section that cannot be told" {
  touch "$WORLD/early.unknown"
  go 2.30 --yes --force-gate 'never mind'
  exits 3
  has 'cannot tell whether section 2.20 is done'
  same '' "$(calls)"
}

@test "of a section that cannot be told, the step that cannot tell is named, with its attestation for that node" {
  section_script 2.20 <<'S'
simple early late
steps
2.20/1 early change low - 60 An early step
each computes
2.20/2 late change low - 60 A late step
end_each
S
  rm "$WORLD/early"
  sed -i 's|^late_satisfied() {$|&\n  why "$1 does not answer, so it is unknown"; if [[ $1 != n2 ]]; then return 0; fi; return 2|' "$(script_of 2.20)"
  seal
  go 2.30 --yes --force-gate 'never mind'
  exits 3
  has 'cannot tell whether section 2.20 is done: 2.20/2    unknown  A late step  n2  (does not answer'
  has './2.20-section.sh --status; if a node is gone for good: take it out of the spec, compile, approve; if you know that it is done: ./runbook attest 2.20/2 --node n2 REASON'
}

@test "--force-gate does not pass what a step requires" {
  touch "$WORLD/first.no"
  go 2.30 --yes --force-gate 'never mind'
  exits 3
  same '' "$(calls)"
}

@test "a section that breaks down when it is asked cannot tell" {
  sed -i 's/^run_steps$/exit 1/' "$(script_of 2.20)"
  seal
  go 2.30 --yes --force-gate 'never mind'
  exits 3
  has 'cannot tell whether section 2.20 is done'
}

@test "the sections before are asked once, and not at all where nothing is left to do" {
  touch "$WORLD/first" "$WORLD/rough"
  rm "$WORLD/early"
  go 2.30
  exits 0
}

@test "a gate inside requires gives way to --force-gate alone" {
  sed -i 's/^first_requires() .*/first_requires() { unless_forced is_fresh; }\nis_fresh() { why "older than 24 h" "back up again"; return 1; }/' "$(script_of 2.30)"
  seal
  go 2.30 --yes
  exits 3
  has 'remedy: back up again, or --force-gate REASON'
  go 2.30 --yes --force-gate 'storage snapshot taken'
  exits 0
  same 1 "$(journalled gate-forced 2.30/1)"
}

@test "a gate inside requires that cannot tell does not give way" {
  sed -i 's/^first_requires() .*/first_requires() { unless_forced is_fresh; }\nis_fresh() { return 2; }/' "$(script_of 2.30)"
  seal
  go 2.30 --yes --force-gate 'never mind'
  exits 3
}

# at NOT_AFTER CLOCK STATUS
at() {
  site NOT_AFTER="$1"
  seal
  rm -f "$WORLD/rough"
  clock "2026-11-23 $2"
  go 2.30 --yes
  exits "$3"
}

@test "not_after 05:30: the evening before and the early morning are free, the rest of the morning is not" {
  at 05:30 22:00 0
  at 05:30 00:10 0
  at 05:30 05:29 0
  at 05:30 05:30 3
  has 'it is 05:30 UTC (05:30Z), and no disruptive step starts after 05:30 UTC'
  at 05:30 08:09 3
  at 05:30 17:29 3
  at 05:30 17:30 0
}

@test "not_after 23:30 holds across midnight" {
  at 23:30 23:29 0
  at 23:30 23:31 3
  at 23:30 00:10 3
  at 23:30 12:00 0
}

@test "not_after does not hold back low-risk steps" {
  site NOT_AFTER=05:30
  rm -f "$WORLD/rough"
  seal
  clock '2026-11-23 06:00'
  go 2.30 --yes
  exits 3
  same first "$(calls)"
}

@test "neither the hour nor the order holds back what closes a bracket" {
  section_script 2.31 2.20 <<'S'
simple raise work lower
lower_satisfied() { [[ ! -e $WORLD/raise ]]; }
lower_apply() { rm -- "$WORLD/raise"; }
steps
2.31/1 raise change disruptive opens:flag  60 Raise
2.31/2 work  change disruptive body:flag   60 Work
2.31/3 lower change disruptive closes:flag 60 Lower
S
  site NOT_AFTER=05:30
  seal
  touch "$WORLD/raise" "$WORLD/work"
  rm "$WORLD/early"
  clock '2026-11-23 06:00'
  go 2.31 --yes
  exits 0
  if world raise; then false; fi
}

# ---- a required signature: gpg2 is a stand-in that says what $WORLD/said has

ADA=9E1C7D2A40B65F8311AEC0D46B973E582FA10C6D
EVE=3B7F0A9C5D2E8146F0B1C7A95E3D8264AB90CF17

signed() {
  site REQUIRE_SIGNATURE="${1-$ADA}"
  seal
  printf 'a signature\n' >"$BUNDLE/SHA256SUMS.asc"
  tool gpg2 'printf "%s\n" "$*" "GNUPGHOME=${GNUPGHOME-}" >"$WORLD/asked"; cat "$WORLD/said"; printf "gpg: prose\n" >&2; exit "$(cat "$WORLD/ends" 2>/dev/null || echo 0)"'
  says "GOODSIG 6B973E582FA10C6D Ada <ada@example.com>" "$(valid "$ADA")"
}

valid() { printf 'VALIDSIG %s 2018-11-22 1542916800 0 4 0 1 8 00 %s' "$1" "${2-$1}"; }
says() { printf '[GNUPG:] %s\n' "$@" >"$WORLD/said"; }

@test "a bundle that has to be signed and is not is refused, in every mode" {
  signed
  rm "$BUNDLE/SHA256SUMS.asc"
  for mode in --yes --dry-run --status --list; do
    go 2.30 "$mode"
    exits 3
    has 'this bundle is not signed, and the spec requires a signature'
    has 'remedy: get the archive that was made by osp-compile pack --sign'
  done
  printf 'a signature\n' >"$BATS_TEST_TMPDIR/elsewhere"
  ln -s "$BATS_TEST_TMPDIR/elsewhere" "$BUNDLE/SHA256SUMS.asc"
  go 2.30 --yes
  exits 3
  has 'this bundle is not signed'
  same '' "$(calls)"
}

@test "a good signature by one of the spec's keys, or by a subkey of it, is enough" {
  signed "$EVE $ADA"
  go 2.30 --yes
  exits 0
  rm "$WORLD/first" "$WORLD/rough"
  says 'GOODSIG AAAAAAAAAAAAAAAA Ada' "$(valid AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA "$ADA")"
  go 2.30 --yes
  exits 0
}

@test "gpg is asked with the undercloud user's keyring and none of the caller's settings" {
  signed
  GNUPGHOME=/tmp/of-somebody go 2.30 --yes
  exits 0
  same "--homedir $HOUSE/.gnupg --no-options --batch --no-tty --status-fd 1 --verify SHA256SUMS.asc SHA256SUMS" "$(head -n 1 "$WORLD/asked")"
}

@test "an exported function does not stand in for gpg2" {
  signed
  says 'BADSIG 6B973E582FA10C6D Ada'
  printf '1\n' >"$WORLD/ends"
  run env "BASH_FUNC_gpg2%%=() { printf '[GNUPG:] GOODSIG A\n[GNUPG:] $(valid "$ADA")\n'; }" "$RUNBOOK_BASH" "$(script_of 2.30)" --yes
  exits 3
  has 'SHA256SUMS.asc is not a signature of this bundle'
}

@test "a signature that is not good, or by another, is refused with what to do" {
  signed
  rows=(
    "BADSIG A Ada|1|is not a signature of this bundle|get the archive that was signed"
    "ERRSIG A 1 8 00 1 9;NO_PUBKEY A|2|not in the keyring of $(id -un); the spec has $ADA|gpg2 --import KEYFILE"
    "EXPKEYSIG A Ada;$(valid "$ADA")|0|has expired or was revoked|signed again"
    "REVKEYSIG A Ada;$(valid "$ADA")|0|has expired or was revoked|signed again"
    "EXPSIG A Ada;$(valid "$ADA")|0|has expired or was revoked|signed again"
    "GOODSIG A Eve;$(valid "$EVE")|0|signed by $EVE, and the spec has $ADA|require_signature"
    "PLAINTEXT 62 1 x;GOODSIG A Ada;$(valid "$ADA")|0|is not a detached signature|signed again"
    "NODATA 4|2|is not a detached signature|signed again"
    "GOODSIG A Ada;$(valid "$ADA")|2|cannot be checked: gpg: prose|gpg2 --verify"
    "$(valid "$ADA")|0|cannot be checked: gpg: prose|gpg2 --verify"
    "GOODSIG A Ada;$(valid "${ADA:0:39}")|0|signed by ${ADA:0:39}|require_signature"
    "|0|cannot be checked: gpg: prose|gpg2 --verify SHA256SUMS.asc SHA256SUMS"
  )
  for row in "${rows[@]}"; do
    IFS='|' read -r said ends reason remedy <<<"$row"
    IFS=';' read -r -a lines <<<"$said"
    says "${lines[@]}"
    printf '%s\n' "$ends" >"$WORLD/ends"
    go 2.30 --yes
    exits 3
    has "$reason"
    has "remedy: "
    has "$remedy"
  done
  same '' "$(calls)"
}

@test "where no signature is required gpg is not asked, and a signature is in nobody's way" {
  signed ''
  go 2.30 --yes
  exits 0
  [[ ! -e $WORLD/asked ]]
}

@test "a signature that cannot be checked for want of gpg2 is refused" {
  signed
  rm "$BATS_TEST_TMPDIR/bin/gpg2"
  if type -P gpg2 >/dev/null; then skip 'this machine has a gpg2 of its own'; fi
  go 2.30 --yes
  exits 3
  has 'gpg2 is not installed'
  has 'sudo yum install gnupg2'
}

# What a run reads beside the bundle, with a name for each of its settings: `NAME=FILE`.
outside_files() {
  site HOOK_BEFORE_NODE="$HOUSE/hook" HOOK_AFTER_NODE="$HOUSE/after" HOOK_BEFORE_UPDATE="$HOUSE/update" ANSWERS_FILE="$HOUSE/answers.yaml" \
    ROLES_FILE="$HOUSE/roles.yaml"
  printf 'ENV_FILES=(%q)\nDEPLOY_ENV_FILES=(%q %q)\n' "$HOUSE/env.yaml" "$HOUSE/env.yaml" "$HOUSE/nfv.yaml" >>"$BUNDLE/lib/site.sh"
  printf '# instance\trc file\nvnf-0\t%s\n' "$HOUSE/vnf.rc" >"$BUNDLE/lib/nfv_instances.tsv"
  seal
  mkdir -p "$HOUSE/.ssh"
}
RUN='stackrc overcloudrc vnf.rc hook after update'
READ='answers.yaml roles.yaml env.yaml nfv.yaml .ssh/known_hosts .ssh/config'

@test "a pipe, a folder or a device in the place of a file of the site is refused, and not waited for" {
  local name put file
  outside_files
  for name in $RUN $READ; do
    file=$HOUSE/$name
    for put in "mkfifo $file" "mkdir $file" "ln -s /dev/zero $file" "eval mkfifo $HOUSE/far; ln -s $HOUSE/far $file"; do
      $put
      run timeout 60 "$RUNBOOK_BASH" "$(script_of 2.30)" --status </dev/null
      exits 3
      has "refused: not a regular file, and so not read: $file"
      has "remedy: put the file itself there: ls -ld $file"
      rm -rf "$file" "$HOUSE/far"
    done
  done
  # what people put there to say that it is empty
  for name in $RUN $READ; do ln -s /dev/null "$HOUSE/$name"; done
  go 2.30 --status
  lacks refused
}

@test "an rc file or a hook that others can write is not run" {
  local name file
  outside_files
  for name in $RUN; do
    file=$HOUSE/$name
    printf 'touch "%s/PWNED"\n' "$WORLD" >"$file"
    chmod 0757 "$file"
    go 2.30 --yes
    exits 3
    has "refused: others can write $file, which runs with the rights of"
    has "chmod go-w $file"
    chmod 0755 "$file"
    go 2.30 --status
    lacks refused
    rm "$file"
  done
  ! world PWNED
  # who has a group alone keeps it writable, as RHEL's umask has it
  printf 'export OS_USERNAME=admin\n' >"$HOUSE/stackrc"
  chmod 0664 "$HOUSE/stackrc"
  go 2.30 --status
  if [[ $(stat --format %G "$HOUSE/stackrc") == "$(id -un)" ]]; then lacks refused; else has 'others can write'; fi
}

@test "rc files and known_hosts that come to be pipes during a run are not waited for" {
  outside_files
  run timeout 60 "$RUNBOOK_BASH" -c 'cd "$1"; . lib/runtime.sh; scratch_open; mkfifo "$2/stackrc"; ask hear_undercloud openstack server list
    echo "$ANSWER $WHY"; ask with_stackrc openstack server list; echo "$ANSWER $WHY"' - "$BUNDLE" "$HOUSE" </dev/null
  same 2 "$(grep --count "^unknown no credentials: $HOUSE/stackrc cannot be read$" <<<"$output")"
}

@test "an answers file that is a pipe, or names one, is not waited for" {
  outside_files
  cat >"$BATS_TEST_TMPDIR/asks" <<'S'
cd "$BUNDLE"
. lib/runtime.sh
. lib/systems/plan_files.sh
. lib/systems/plan.sh
scratch_open
ENVIRONMENT_DIRECTORIES=() DEPLOY_DIRECTORY=$HOUSE
for question in 'find_plan_files' 'files_of_deploy_are_there' 'plan_inputs'; do
  ask $question
  echo "$ANSWER $WHY"
done
S
  mkfifo "$HOUSE/answers.yaml"
  run timeout 60 "$RUNBOOK_BASH" "$BATS_TEST_TMPDIR/asks" </dev/null
  exits 0
  has "unknown $HOUSE/answers.yaml is not a file"
  has "no cannot be read: $HOUSE/answers.yaml"
  rm "$HOUSE/answers.yaml"
  mkfifo "$HOUSE/pipe.yaml"
  printf 'environments:\n  - %s\n' "$HOUSE/pipe.yaml" >"$HOUSE/answers.yaml"
  run timeout 60 "$RUNBOOK_BASH" "$BATS_TEST_TMPDIR/asks" </dev/null
  exits 0
  same 3 "$(grep --count "^unknown $HOUSE/answers.yaml lists $HOUSE/pipe.yaml, which is not a file" <<<"$output")"
}

@test "evidence reads no rc file that others can write" {
  outside_files
  printf 'touch "%s/PWNED"\n' "$WORLD" >"$HOUSE/tenantrc"
  chmod 0646 "$HOUSE/tenantrc"
  words '. lib/engine/evidence.sh; STATE=$HOUSE/state; pack_evidence'
  exits 3
  has "refused: others can write $HOUSE/tenantrc"
  ! world PWNED
}
