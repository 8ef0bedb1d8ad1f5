# Commands on the nodes: arguments arrive as they are, an unreachable node is not a failing command, nothing eats our stdin.

load ../helpers

# The stand-in drops the options and the address, and gives the words to a shell as the far side does. n2 cannot be reached.
setup() {
  bundle_up
  tool ssh 'address=""
while (($# > 0)); do
  case $1 in
    -o) shift ;;
    -O) exit 1 ;;
    -n) exec </dev/null ;;
    -*) ;;
    *) address=$1; shift; break ;;
  esac
  shift
done
echo "$address" >>"$WORLD/reached"
if [[ $address == *192.0.2.2 ]]; then echo "connect to host 192.0.2.2 port 22: No route to host" >&2; exit 255; fi
if [[ -e $WORLD/greeting ]]; then cat "$WORLD/greeting"; fi
exec bash -c "$*"'
  tool sudo '[[ $1 != -H ]] || shift
exec "$@"'
}

@test "on: every argument arrives as it stands here" {
  words 'on n1 printf "<%s>" "a b" "" "it'"'"'s" "\$HOME" "*" "; reboot" "$(printf "two\nlines")" 日本'
  same "<a b><><it's><\$HOME><*><; reboot><two
lines><日本>" "$output"
}

@test "a ~ reaches the far shell as it is, which bash 4.2's own quoting does not see to" {
  words 'f() { printf "<%s>" "$@"; }
    said=("~/backup (2026)" "home=~" "it'"'"'s ~" "~" "two
~" "\~&" plain)
    on n1 printf "<%s>" "${said[@]}"; echo; printed hear_on n1 printf "<%s>" "${said[@]}"; as_root_on n1 f "${said[@]}"'
  local arrived="<~/backup (2026)><home=~><it's ~><~><two
~><\\~&><plain>"
  same "$arrived
$arrived
$arrived" "$output"
}

@test "on: as the site's user at the node's address" {
  words 'on n3 true'
  same heat-admin@192.0.2.3 "$(sort -u "$WORLD/reached")"
}

@test "on: a command's status is its own" {
  words 'set +e; on n1 bash -c "exit 7"; echo "$?"'
  same 7 "$output"
}

@test "on: a node that cannot be reached is 255, and a question about it cannot tell" {
  words 'set +e; on n2 true 2>/dev/null; echo "$?"; ask on n2 true; echo "$ANSWER $WHY"'
  has 255
  has 'unknown n2 does not answer ssh: connect to host 192.0.2.2 port 22: No route to host'
}

@test "on: an unknown node is a cannot tell" {
  words 'ask on nobody true; echo "$ANSWER"'
  same unknown "$output"
}

@test "on: a loop over nodes keeps its stdin" {
  words 'while IFS= read -r node; do on n1 cat; echo "$node"; done < <(nodes_in computes)'
  same 'n1 n2 n3' "$(xargs <<<"$output")"
}

@test "as_root_on: a function of ours runs there under errexit, with its arguments" {
  words 'f() { printf "<%s>" "$@"; false; echo never; }; set +e; as_root_on n1 f "a b" ""; echo "[$?]"'
  same '<a b><>[1]' "$output"
}

@test "as_root_on: what the function calls comes along, and its stdin is not our text" {
  words 'f() { cat; g; }; g() { echo from g; }; as_root_on n1 f'
  same 'from g' "$output"
}

@test "as_root_on: functions are sent for their names, wherever a word can stand, and for nothing that looks like one" {
  words 'inner() { cd /; last; }
  last() { return 0; }
  quoted() { return 0; }
  in_brackets() { return 0; }
  record() { on n1 true; }
  outer() { local record=$1; trap "quoted" EXIT; printf "%s %s" "$record" "${record}" | inner; x=$(in_brackets; echo); }
  printed function_text outer value | grep --only-matching "^[a-z_]* ()" | sort | tr "\n" " "'
  same 'in_brackets () inner () last () outer () quoted ()' "${output% }"
}

@test "a question that is not answered ends, and names who does not answer; an apply has hours" {
  site TIMEOUT_ANSWER=1
  words 'f() { exec "$REAL_SLEEP" 600; }
    for question in "on n1 $REAL_SLEEP 600" "hear_root_on n1 f" "as_root f"; do
      ask $question
      echo "$ANSWER $WHY"
    done'
  same 'unknown n1 has not answered within 1 s|unknown n1 has not answered within 1 s|unknown the undercloud has not answered within 1 s' \
    "$(paste -sd'|' <<<"$output")"
  words 'ask patiently on n1 "$REAL_SLEEP" 2; echo "$ANSWER"; DOING=applying; (under_errexit; on n1 "$REAL_SLEEP" 2; echo "$?")'
  same 'yes 0' "$(xargs <<<"$output")"
}

@test "what acts ends too once its hours are over, and says who has not answered: on a node, here as root, a client, a disk" {
  words 'rc=$SCRATCH/rc PATIENCE=1 DOING=applying; : >"$rc"
    there() { exec "$REAL_SLEEP" 30; }; here() { "$REAL_SLEEP" 30; }
    for act in "on n1 $REAL_SLEEP 30" "as_root_on n1 there" "as_root here" "with_rc $rc $REAL_SLEEP 30" "in_time $REAL_SLEEP 30" "in_time sudo $REAL_SLEEP 30"; do
      (under_errexit; trap - ERR; set +e; $act; echo "${act% *} $?") 2>&1 | sed "s|$REAL_SLEEP|sleep|; s|$rc|rc|"
    done'
  same 'n1 has not answered within 1 s|on n1 sleep 124|n1 has not answered within 1 s|as_root_on n1 124|the undercloud has not answered within 1 s|as_root 124|sleep 30: no answer within 1 s|with_rc rc sleep 2|in_time sleep 124|in_time sudo sleep 124' \
    "$(paste -sd'|' <<<"$output")"
}

@test "Ctrl-C ends what root does here for hours, with all that it has started" {
  words 'f() { "$REAL_SLEEP" 600 & printf "%s\n" "$!" "$$" "$(ps -o ppid= "$PPID")" >"$1"; wait; }
    (under_errexit; as_root f "$WORLD/begun") &
    for _ in {1..200}; do "$REAL_SLEEP" 0.1; if [[ $(wc --lines <"$WORLD/begun") == 3 ]]; then break; fi; done 2>/dev/null
    mapfile -t begun <"$WORLD/begun"
    kill -INT "${begun[2]// /}"
    for _ in {1..200}; do "$REAL_SLEEP" 0.1; if ! kill -0 "${begun[0]}" && ! kill -0 "${begun[1]}"; then echo none; break; fi; done 2>/dev/null'
  same none "$output"
}

@test "a line of millions of characters is no answer, nor are lines without an end; many lines are one, and so is JSON that was asked for" {
  tool openstack 'printf "%s" "$BEGINS"; head --bytes=3000000 /dev/zero | tr "\0" "${LETTERS:-x}"; echo'
  words 'f() { openstack; }; rc=$SCRATCH/rc; : >"$rc"
    for question in "hear_on n1 openstack" "hear_root_on n1 f" "hear_root f" "hear_rc $rc openstack"; do
      ask $question
      echo "$ANSWER $WHY"
    done'
  same 4 "$(grep --count '^unknown .* answers with a line of more than 32768 characters$' <<<"$output")"
  LETTERS='\n' words 'ask hear_on n1 openstack; echo "$ANSWER"'
  same yes "$output"
  BEGINS='{' words 'hear_on n1 openstack -f json; echo "${#SAID}"; ask hear_on n1 openstack -f value; echo "$ANSWER"'
  same '3000001 unknown' "$(xargs <<<"$output")"
  tool openstack 'yes "$WORD" | head --lines="$LINES_SAID"'
  LINES_SAID=20000 WORD='0 0 0' words 'ask hear_on n1 openstack; echo "$ANSWER"'
  same yes "$output"
  LINES_SAID=200000 WORD='0 0 0' words 'f() { openstack; }; rc=$SCRATCH/rc; : >"$rc"
    for question in "hear_on n1 openstack" "hear_root_on n1 f" "hear_root f" "hear_rc $rc openstack"; do
      ask $question
      echo "$ANSWER $WHY"
    done
    gather computes on openstack; ask find_gathered n1; echo "$ANSWER $WHY"'
  same 5 "$(grep --count '^unknown .* answers with more than 20000 lines$' <<<"$output")"
}

@test "a client that does not answer ends, and is named" {
  site TIMEOUT_ANSWER=1
  tool openstack 'exec "$REAL_SLEEP" 600'
  words 'rc=$SCRATCH/rc; : >"$rc"; ask hear_rc "$rc" openstack server list; echo "$ANSWER $WHY"; ask with_rc "$rc" openstack server list; echo "$ANSWER $WHY"'
  same 'unknown openstack server list: no answer within 1 s|unknown openstack server list: no answer within 1 s' "$(paste -sd'|' <<<"$output")"
}

@test "a node that greets every command gives no answer: the greeting would be part of it" {
  printf 'Welcome to \e[31mthe overcloud\nHave fun\n' >"$WORLD/greeting"
  words 'ask hear_on n1 echo 7; echo "$ANSWER $WHY"; echo "$REMEDY"'
  same 'unknown n1 prints a text before every command: Welcome to [31mthe overcloud|on n1, print it in interactive shells only; in ~heat-admin/.bashrc (or /etc/bashrc) put before it: [[ $- == *i* ]] &&' \
    "$(paste -sd'|' <<<"$output")"
}

@test "a word without a reason of its own is not given that of the one before it" {
  tool broken 'echo it is broken >&2; exit 7'
  words 'q() { why "the first is well"; on n1 broken now; }; ask q; echo "$ANSWER $WHY"'
  same 'unknown n1: broken now ended with 7: it is broken' "$output"
}

@test "as_root: the same on the undercloud" {
  words 'f() { echo "$1 $PWD $(umask)"; }; as_root f well'
  same 'well / 0077' "$output"
}

@test "on_one_of: a command that fails on the one that answers is not run on the next" {
  words 'on_one_of computes sh -c "echo asked >>$WORLD/asked; exit 3" || echo "$? $(<"$SCRATCH/spoke")"'
  same '3 n1' "$output"
  same 1 "$(wc -l <"$WORLD/asked")"
}

@test "gather: one node that cannot be reached does not hide the others" {
  words 'f() { on "$1" echo "answer of $1"; }
    gather computes f; for n in n1 n2 n3; do echo "$n $(gathered_status "$n") $(gathered "$n")"; done'
  same 'n1 0 answer of n1|n2 255 |n3 0 answer of n3' "$(paste -sd'|' <<<"$output")"
}

@test "gather: what was said is there whole, empty lines too, and nothing is nothing" {
  words 'f() { if [[ $1 == n1 ]]; then printf "\n  one\n\ntwo\n\n"; fi; }
    gather computes f; printf "<%s>" "$(gathered n1; echo .)" "$(gathered n3; echo .)"; find_gathered n1; printf "<%s>" "$SAID"; find_gathered n3; printf "<%s>" "$SAID"'
  same '<
  one

two

.><.><
  one

two><>' "$output"
}

@test "gather: a node that is not asked this time has no answer of the last time" {
  words 'f() { echo "answer of $1"; }; gather all f; gather controllers f; for n in c1 n1; do echo "$n $(gathered_status "$n") $(gathered "$n")"; done 2>/dev/null'
  same 'c1 0 answer of c1|n1  ' "$(paste -sd'|' <<<"$output")"
}

@test "gather: more nodes than may be asked at once" {
  words 'SSH_PARALLEL=2; f() { echo "$1"; }; gather all f; cat "$SCRATCH"/gather/*.out | xargs'
  same 'c1 n1 n2 n3' "$output"
}

@test "a key's fingerprint is shown in both kinds, that of RHEL 7.3 where ssh-keygen knows no other" {
  tool ssh-keygen 'if [[ $* == *" -E "* ]]; then if [[ -e $WORLD/old ]]; then echo "unknown option -- E" >&2; exit 1; fi; echo "256 MD5:ab:cd n1 (ED25519)"
elif [[ -e $WORLD/old ]]; then echo "256 ab:cd n1 (ED25519)"; else echo "256 SHA256:xyz n1 (ED25519)"; fi'
  words '. "$BUNDLE/lib/engine/trust.sh"
    keys() { printf "n1\t192.0.2.1\tssh-ed25519\tAAAA\tnew\n" | show_keys; }
    keys; : >"$WORLD/old"; keys'
  same 'new n1 192.0.2.1 ssh-ed25519 SHA256:xyz MD5:ab:cd new n1 192.0.2.1 ssh-ed25519 ab:cd' "$(xargs <<<"$output")"
}

@test "nodes: groups, roles and addresses are data" {
  words 'nodes_in computes | xargs; node_address c1; node_role n2; count_of all; ask node_is n1 controllers; echo "$ANSWER"'
  same 'n1 n2 n3|192.0.2.10|Compute|4|no' "$(paste -sd'|' <<<"$output")"
}

@test "in an apply what only looks has the time of an answer, and what acts has hours" {
  tool ssh 'exit 0'
  tool timeout 'printf "%s %s\n" "$2" "${*: -1}" >>"$WORLD/limited"; while [[ $1 != ssh ]]; do shift; done; exec "$@"'
  words 'ssh_master() { :; }; COMMAND_LIMIT=(timeout --foreground "$PATIENCE")
    on n1 true; one_of controllers >/dev/null; on n1 sudo pcs status; on n1 sudo systemctl list-units --failed; on n1 sudo ceph -s; on n1 sudo clustercheck
    look() { on "$1" sudo rpm --verify glibc; }; gather controllers look
    on n1 sudo reboot; on n1 sudo pcs cluster stop; on n1 sudo ceph osd set noout; on n1 sudo systemctl restart httpd; echo "${COMMAND_LIMIT[2]}"'
  same 14400 "$output"
  same '300 true|300 true|300 sudo pcs status|300 sudo systemctl list-units --failed|300 sudo ceph -s|300 sudo clustercheck|300 sudo rpm --verify glibc|14400 sudo reboot|14400 sudo pcs cluster stop|14400 sudo ceph osd set noout|14400 sudo systemctl restart httpd' "$(paste -sd'|' "$WORLD/limited")"
}

@test "the bundles of these tests begin as the compiled scripts do" {
  for line in '  set -euo pipefail' '  cd -- "$(dirname -- "$SELF")"' '  . "./$SELF"' '. lib/runtime.sh' 'run_steps'; do
    grep -qxF -- "$line" "$REPOSITORY/templates/_layouts/section.sh.j2"
    section_script 2.30 </dev/null
    grep -qxF -- "$line" "$(script_of 2.30)"
  done
}

# What ssh makes of a configuration and of our options, by its own word: one word of its answer a line, sorted.
effect() { "$real" -G -F "$1" "${@:2}" 2>&1 | sort; }

# has_no_say SETTING WAY...: with it in the user's configuration, or in a file that is included there, ssh does the same as without.
has_no_say() {
  local setting=$1
  shift
  same "$setting: $(effect /dev/null -o ControlMaster=no "$@" | grep --invert-match -e '^localcommand')" \
    "$setting: $(effect "$BATS_TEST_TMPDIR/config" -o ControlMaster=no "$@" | grep --invert-match -e '^localcommand' -e '^\(local\|remote\|dynamic\)forward ')"
  same "$(effect "$BATS_TEST_TMPDIR/config" -o ControlMaster=no "$@")" \
    "$(effect "$BATS_TEST_TMPDIR/config-included" -o ControlMaster=no "$@")"
}

@test "nothing of the user's own configuration has a say in whom a connection leads to, what runs there, or what it hands over" {
  local real setting line
  local -a way=() copy=()
  # (the first one is the stand-in)
  real=$(type -aP ssh | sed 1d | head --lines=1)
  if [[ -z $real ]]; then skip 'the machine has no ssh'; fi
  words 'ssh_way 192.0.2.1; printf "%s\0" "${WAY[@]}" >"$WORLD/way"'
  while IFS= read -r -d '' line; do way+=("$line"); done <"$WORLD/way"
  words '. "$BUNDLE/lib/systems/copy.sh"; COPY_TO=192.0.2.1:/srv; copy_way; printf "%s\0" "${WAY[@]}" >"$WORLD/way"'
  while IFS= read -r -d '' line; do copy+=("$line"); done <"$WORLD/way"
  for setting in 'ForwardAgent yes' 'ForwardX11 yes' 'GSSAPIDelegateCredentials yes' 'Tunnel yes' 'VerifyHostKeyDNS yes' 'UpdateHostKeys yes' \
    'StrictHostKeyChecking no' 'PermitLocalCommand yes' 'RequestTTY force' 'UserKnownHostsFile /dev/null' 'GlobalKnownHostsFile /tmp/others' \
    'HostKeyAlias one-for-all' 'HostName 192.0.2.99' 'Port 2222' 'User root' 'ProxyCommand nc %h %p' 'ProxyJump elsewhere' 'ProxyUseFdpass yes' \
    'CanonicalizeHostname always' 'LocalForward 8080 localhost:80' 'RemoteForward 8080 localhost:80' 'DynamicForward 1080' 'BatchMode no' \
    'ControlMaster yes' 'ControlPath /tmp/one-for-all' 'NoHostAuthenticationForLocalhost yes' 'EscapeChar x' 'ConnectTimeout 9999' \
    'ConnectionAttempts 99' 'ServerAliveInterval 0' 'ServerAliveCountMax 99' 'AddKeysToAgent yes' 'LogLevel QUIET' 'VisualHostKey yes' \
    'SetEnv LC_ALL=ja_JP.UTF-8' 'RemoteCommand reboot' 'SessionType none' 'StdinNull yes' 'ForkAfterAuthentication yes' 'KnownHostsCommand /bin/echo'; do
    printf '%s\n' "$setting" >"$BATS_TEST_TMPDIR/config"
    printf 'Host 192.0.2.*\n  %s\n' "$setting" >"$BATS_TEST_TMPDIR/included"
    printf 'Include %s\nMatch all\n  %s\n' "$BATS_TEST_TMPDIR/included" "$setting" >"$BATS_TEST_TMPDIR/config-included"
    has_no_say "$setting" "${way[@]}"
    has_no_say "$setting" "${copy[@]}"
  done
}

@test "the spec's own options are what ssh goes by, where the runtime does not need them otherwise" {
  local real
  real=$(type -aP ssh | sed 1d | head --lines=1)
  if [[ -z $real ]]; then skip 'the machine has no ssh'; fi
  site
  sed -i 's|^SSH_SITE_OPTIONS=.*|SSH_SITE_OPTIONS=(-o ConnectTimeout=20 -o ServerAliveInterval=15 -o Port=2200 -o ProxyJump=jump.example.com -o ForwardAgent=yes)|' \
    "$BUNDLE/lib/site.sh"
  words "ssh_way 192.0.2.1; '$real' -G -F /dev/null \"\${WAY[@]}\""
  for line in 'connecttimeout 20' 'serveraliveinterval 15' 'port 2200' 'proxyjump jump.example.com' 'forwardagent no' 'hostkeyalias [192.0.2.1]:2200'; do
    has "$line"
  done
}

@test "the host of backup.copy_to is reached by its own options, and by the nodes' where it has none" {
  local real
  real=$(type -aP ssh | sed 1d | head --lines=1)
  if [[ -z $real ]]; then skip 'the machine has no ssh'; fi
  site
  sed -i -e 's|^SSH_SITE_OPTIONS=.*|SSH_SITE_OPTIONS=(-o ConnectTimeout=20 -o Port=2200 -o ProxyJump=jump.example.com)|' \
    -e 's|^COPY_OPTIONS=.*|COPY_OPTIONS=(-o port=2222 -o ProxyJump=none -o ForwardAgent=yes)|' "$BUNDLE/lib/site.sh"
  words ". \"\$BUNDLE/lib/systems/copy.sh\"; COPY_TO=backup@Vault.example.com:/srv; copy_way; '$real' -G -F /dev/null \"\${WAY[@]}\""
  for line in 'user backup' 'hostname vault.example.com' 'connecttimeout 20' 'port 2222' 'forwardagent no' 'hostkeyalias [vault.example.com]:2222'; do
    has "$line"
  done
  lacks 'proxyjump jump'
  sed -i 's|^COPY_OPTIONS=.*|COPY_OPTIONS=()|' "$BUNDLE/lib/site.sh"
  words ". \"\$BUNDLE/lib/systems/copy.sh\"; COPY_TO='[2001:db8::250]:/srv'; copy_way; '$real' -G -F /dev/null \"\${WAY[@]}\""
  for line in "user $(id -un)" 'hostname 2001:db8::250' 'port 2200' 'proxyjump jump.example.com' 'hostkeyalias [2001:db8::250]:2200'; do
    has "$line"
  done
}

@test "what the environment has of secrets and of languages reaches no node, whatever the user's configuration would send" {
  tool ssh 'env | grep -o "^\(OS_PASSWORD\|OS_LATE\|MY_API_TOKEN\|db_pass\|HTTPS_PROXY\|LANG\|LC_ALL\|LC_TIME\|PATH\)=[^:/]*" | sort | paste -sd" " >>"$WORLD/told"'
  export OS_PASSWORD=secret MY_API_TOKEN=secret db_pass=secret HTTPS_PROXY=http://me:secret@192.0.2.9 LANG=ja_JP.UTF-8 LC_TIME=ja_JP.UTF-8
  words 'f() { :; }; export OS_LATE=secret
    on n1 true; hear_on n1 true; as_root_on n1 f; hear_root_on n1 f
    . "$BUNDLE/lib/systems/copy.sh"; COPY_TO=backup@192.0.2.250:/srv; at_copy f
    . "$BUNDLE/lib/engine/trust.sh"; fetch_controllers_lists; WAY=(); jump_way jump; SSH_SITE_OPTIONS=(-o ProxyJump=jump); scan_keys
    printf "%s" "$OS_PASSWORD$MY_API_TOKEN"; env | grep -c "^OS_LATE="'
  same 'LC_ALL=C PATH=' "$(sort -u "$WORLD/told")"
  same secretsecret1 "$output"
  (($(wc -l <"$WORLD/told") >= 8))
}

@test "the host that a jump ends at is asked through those before it, at its own port" {
  words '. "$BUNDLE/lib/engine/trust.sh"
    for jump in jump me@jump:2222 a,b@c "[fd00::1]:22,fd00::2" "a,u@[fd00::2]:2200"; do
      jump_way "$jump"; printf "%s " "${WAY[@]:${#SSH_FIXED[@]}+2}"; echo
    done'
  same '-- jump
-o Port=2222 -- me@jump
-o ProxyJump=a -- b@c
-o ProxyJump=[fd00::1]:22 -- fd00::2
-o ProxyJump=a -o Port=2200 -- u@fd00::2' "$(sed 's/ $//' <<<"$output")"
}

@test "the host of the copy has a limit too, and its greeting is no answer" {
  site TIMEOUT_ANSWER=1
  local copy='. "$BUNDLE/lib/systems/backup.sh"; . "$BUNDLE/lib/systems/copy.sh"; COPY_TO=backup@192.0.2.250:/srv BACKUP_DIR=/none MINIMUM_FREE_GB=0
    patiently() { "$@"; }; hear_root() { SAID="set /none/undercloud-1"; }; facts_are_young() { :; }; sudo() { echo "$(printf "%064d" 0)  SHA256SUMS"; }
    free_bytes() { :; }; copy_state() { :; }; backup_set() { echo /none/undercloud-1; }
    room_for() { :; }'
  tool ssh 'exec cat -- "$WORLD/asked"'
  mkfifo "$WORLD/asked"
  words "$copy; ask copy_has_room undercloud; echo \"\$ANSWER \$WHY\"; ask backup_is_copied undercloud; echo \"\$ANSWER \$WHY\""
  has 'unknown backup.copy_to backup@192.0.2.250:/srv cannot be reached: backup@192.0.2.250 has not answered within 1 s'
  rm "$WORLD/asked"
  printf 'Welcome\nis intact\n' >"$WORLD/asked"
  words "$copy; ask backup_is_copied undercloud; echo \"\$ANSWER \$WHY\""
  same 'unknown the host of backup.copy_to says something else than was asked: Welcome is intact' "$output"
  printf 'is intact\n' >"$WORLD/asked"
  words "$copy; ask backup_is_copied undercloud; echo \"\$ANSWER \$WHY\""
  same 'yes the copy /srv/lab/CHG1/undercloud-1 is intact' "$output"
}
