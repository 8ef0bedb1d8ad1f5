# Whatever shell, folder and environment a run is started from.

load helpers

setup() {
  bundle_up
  section_script 2.30 <<'S'
simple first
first_requires() { why 'odd'; [[ $(type -t grep) == file && $PWD == "$BUNDLE" ]]; }
first_apply() { echo first >>"$WORLD/calls"; echo "home $HOME"; touch "$WORLD/first"; }
look_check() { pass 'well'; }
steps
2.30/1 first change low - 60 日本語の題名
2.30/2 look  check  -   - 60 A look
S
  seal
}

@test "from another folder" {
  cd /
  go 2.30
  exits 0
}

@test "through a symbolic link of another name, and the way to continue has the script's own" {
  touch "$WORLD/first.broken"
  sed -i 's/^first_apply() {/&\n  false;/' "$(script_of 2.30)"
  seal
  ln -s "$(script_of 2.30)" "$BATS_TEST_TMPDIR/reboot-it"
  run "$RUNBOOK_BASH" "$BATS_TEST_TMPDIR/reboot-it" </dev/null
  exits 1
  has "cd $BUNDLE && ./2.30-section.sh"
}

@test "from the bundle's parent with CDPATH set" {
  cd "$BATS_TEST_TMPDIR"
  mkdir -p elsewhere/bundle
  CDPATH="$BATS_TEST_TMPDIR/elsewhere" run env "$RUNBOOK_BASH" bundle/2.30-section.sh
  exits 0
}

@test "as bash -x: no trace gets into a reason" {
  touch "$WORLD/first.unknown"
  sed -i 's/^first_satisfied() {/&\n  return 2/' "$(script_of 2.30)"
  seal
  run "$RUNBOOK_BASH" -x "$(script_of 2.30)" </dev/null
  exits 3
  has 'cannot tell whether this is done: no reason given'
}

@test "as bash -x a run does the same" {
  run "$RUNBOOK_BASH" -x "$(script_of 2.30)" </dev/null
  exits 0
}

@test "bash 4.2 reads every script: to it a \$(...) in a quoted subscript is a syntax error" {
  run grep --recursive --line-number --extended-regexp --include='*.sh' '[A-Za-z0-9_]\["[^]]*\$\(' "$REPOSITORY/templates"
  same '' "$output"
  for script in "$REPOSITORY"/templates/*/*.sh; do "$RUNBOOK_BASH" -n "$script"; done
}

@test "as sh, where sh is bash" {
  ln -s "$RUNBOOK_BASH" "$BATS_TEST_TMPDIR/sh"
  run "$BATS_TEST_TMPDIR/sh" "$(script_of 2.30)" </dev/null
  exits 0
}

@test "with HOME unset, and with somebody else's" {
  run env -u HOME "$RUNBOOK_BASH" "$(script_of 2.30)" </dev/null
  exits 0
  has "home $HOUSE"
  rm "$WORLD/first"
  HOME=/root go 2.30
  has "home $HOUSE"
}

@test "with functions, options and habits exported by a login shell" {
  POSIXLY_CORRECT=1 GREP_OPTIONS=--color=always TAR_OPTIONS=--verbose LC_ALL=xx_XX LANG=xx \
    run env -u 'BASH_FUNC_bats_readlinkf%%' "$RUNBOOK_BASH" -c 'grep() { echo mine; }; export -f grep; exec "$0" "$@"' "$RUNBOOK_BASH" "$(script_of 2.30)"
  exits 0
  has '日本語の題名'
}

@test "with a shell's limits and modes in the environment" {
  for setting in FUNCNEST=1 SHELLOPTS=keyword SHELLOPTS=posix:noglob SHELLOPTS=noclobber:allexport:functrace:errtrace:monitor:physical BASHOPTS=failglob:nocasematch BASHOPTS=lastpipe \
    BASHOPTS=nullglob:dotglob:xpg_echo:nocaseglob:extdebug BASH_COMPAT=3.1 IFS=i PYTHONHOME=/nowhere; do
    rm -f "$WORLD/first"
    run env "$setting" "$RUNBOOK_BASH" "$(script_of 2.30)" </dev/null
    exits 0
    world first
  done
}

@test "a function for set in the environment leaves the options as the script begins with" {
  sed -i "s/^first_satisfied() {/&\n  printf '%s %s' \"\$(set +o | grep -c -e '-o nounset' -e '-o pipefail')\" >\"\$WORLD\/options\"/" "$(script_of 2.30)"
  seal
  run env 'BASH_FUNC_set%%=() { :; }' "$RUNBOOK_BASH" "$(script_of 2.30)" </dev/null
  exits 0
  same 2 "$(xargs <"$WORLD/options")"
}

@test "a function for a builtin that the first lines use does not run, not even for the dot that reads the library" {
  for name in . : '[' set cd read mapfile command trap unset printf exit find sed dirname timeout readlink mktemp cp rm; do
    rm -f "$WORLD/first"
    # (the second is how the bash of RHEL 7.3 and before exports one)
    run env "BASH_FUNC_$name%%=() { builtin printf HIJACKED; builtin $name \"\$@\"; }" "$name=() { builtin printf HIJACKED; builtin $name \"\$@\"; }" \
      "$RUNBOOK_BASH" "$(script_of 2.30)" </dev/null
    exits 0
    lacks HIJACKED
    world first
  done
}

@test "no program is taken from the current folder, nor from the bundle's" {
  local name
  mkdir "$BATS_TEST_TMPDIR/here"
  for name in dirname readlink sha256sum find id awk date; do
    printf '#!/bin/bash\ntouch -- "$WORLD/ran-%s"\n' "$name" | tee "$BUNDLE/$name" >"$BATS_TEST_TMPDIR/here/$name"
    chmod +x "$BUNDLE/$name" "$BATS_TEST_TMPDIR/here/$name"
  done
  cd -- "$BATS_TEST_TMPDIR/here"
  for path in ".:$PATH" ":$PATH" "x:.:$PATH" "$PATH:." "~/bin:.:$PATH::"; do
    PATH=$path run "$RUNBOOK_BASH" "$(script_of 2.30)" </dev/null
    exits 0
    same '' "$(find "$WORLD" -name 'ran-*')"
  done
}

@test "no program is taken from a folder that somebody else can write, or put another in the place of" {
  local name found
  mkdir -p "$BATS_TEST_TMPDIR/open/bin" "$BATS_TEST_TMPDIR/sticky" "$BATS_TEST_TMPDIR/shut"
  for name in dirname readlink sha256sum find id awk date; do
    for folder in open/bin sticky shut; do
      printf '#!/bin/bash\ntouch -- "$WORLD/ran-%s"\nexec env PATH="${PATH#*:}" %s "$@"\n' "${folder%%/*}" "$name" >"$BATS_TEST_TMPDIR/$folder/$name"
      chmod +x "$BATS_TEST_TMPDIR/$folder/$name"
    done
  done
  ln -s "$BATS_TEST_TMPDIR/open/bin" "$BATS_TEST_TMPDIR/link"
  for found in 'open 0777 open/bin' 'open 0777 link' 'open/bin 0757 open/bin' 'sticky 1777 sticky' 'shut 0755 shut'; do
    read -r folder mode path <<<"$found"
    chmod "$mode" "$BATS_TEST_TMPDIR/$folder"
    PATH="$BATS_TEST_TMPDIR/$path:$PATH" run "$RUNBOOK_BASH" "$(script_of 2.30)" </dev/null
    chmod 0755 "$BATS_TEST_TMPDIR/$folder"
    exits 0
    if [[ $folder == shut ]]; then
      world ran-shut
    else
      same "$found:" "$found:$(cd "$WORLD" && echo ran-* | sed 's/^ran-\*$//')"
    fi
  done
}

@test "a PATH of nothing that can be trusted does not mean the current folder" {
  mkdir "$BATS_TEST_TMPDIR/here"
  printf '#!/bin/bash\ntouch -- "$WORLD/ran"\n' >"$BATS_TEST_TMPDIR/here/dirname"
  chmod +x "$BATS_TEST_TMPDIR/here/dirname"
  cd -- "$BATS_TEST_TMPDIR/here"
  for path in '' . : /nowhere; do
    PATH=$path run "$RUNBOOK_BASH" "$(script_of 2.30)" --help </dev/null
    exits 0
    if world ran; then return 1; fi
  done
}

@test "a TMPDIR in which others can rename the scratch files gives way to /tmp" {
  mkdir -m 0777 "$BATS_TEST_TMPDIR/open"
  TMPDIR="$BATS_TEST_TMPDIR/open" words 'echo "$SCRATCH"'
  has /tmp/osp.
  chmod 1777 "$BATS_TEST_TMPDIR/open"
  ln -s "$BATS_TEST_TMPDIR/open" "/tmp/o.$$"
  TMPDIR="/tmp/o.$$" words 'echo "$SCRATCH"'
  rm "/tmp/o.$$"
  has "/tmp/o.$$/"
}

@test "nothing in the prefix of a trace is run once the library is there" {
  sed -i "s/^first_apply() {/&\n  set -x; true; set +x; bash -xc true/" "$(script_of 2.30)"
  seal
  run env "PS4=\$(touch $WORLD/ran)" "$RUNBOOK_BASH" "$(script_of 2.30)" </dev/null
  exits 0
  [[ ! -e $WORLD/ran ]]
}

@test "a variable of the environment stands in for none that the runtime has" {
  sed -i "s/^first_satisfied() {/&\n  why 'an odd thing'; return 2/" "$(script_of 2.30)"
  seal
  printf 'precious\n' >"$WORLD/precious"
  WHY_FILE="$WORLD/precious" ERROR_FILE="$WORLD/precious" UNSETTLED=pass FORCE_GATE=mine YES=yes go 2.30
  exits 3
  has 'cannot tell whether this is done: an odd thing'
  same precious "$(<"$WORLD/precious")"
  UNSETTLED=pass words 'late_check() { not_yet "too late"; }; look_at late_check ""; cut --fields=1,2 "$SCRATCH/findings"'
  same $'fail\ttoo late' "$output"
}

@test "neither the zone nor the settings of other programs come from the environment" {
  TZ=Asia/Tokyo GZIP=-1 RSYNC_RSH=false CURL_HOME=/ PERL5OPT=-w COLUMNS=20 HOSTALIASES=/x LOCALDOMAIN=x GCONV_PATH=/x \
    words 'printf "%s" "${TZ-}${GZIP-}${RSYNC_RSH-}${CURL_HOME-}${PERL5OPT-}${COLUMNS-}${HOSTALIASES-}${LOCALDOMAIN-}${GCONV_PATH-}"'
  same '' "$output"
}

@test "sockets of ssh in somebody else's folder, or behind a link, are not used" {
  mkdir "$BATS_TEST_TMPDIR/osp.mine"
  ln -s osp.mine "$BATS_TEST_TMPDIR/osp.link"
  for folder in / /tmp "$BATS_TEST_TMPDIR/osp.link" "$BATS_TEST_TMPDIR/osp.gone" relative/osp.x; do
    OSP_SSH_SOCKETS="$folder" words '[[ $SSH_SOCKETS == "$SCRATCH" ]] && echo own'
    same own "$output"
  done
  OSP_SSH_SOCKETS="$BATS_TEST_TMPDIR/osp.mine" words 'echo "${SSH_SOCKETS##*/}"'
  same osp.mine "$output"
}

@test "BASH_ENV does not reach the scripts of a run" {
  printf 'echo BASH_ENV was read\n' >"$BATS_TEST_TMPDIR/env.sh"
  sed -i 's/^first_apply() {/&\n  bash -c :;/' "$(script_of 2.30)"
  seal
  BASH_ENV="$BATS_TEST_TMPDIR/env.sh" go 2.30
  same 1 "$(grep -c 'BASH_ENV was read' <<<"$output")"
}

@test "a bundle in a folder with blanks, quotes and a dollar" {
  mv "$BUNDLE" "$BATS_TEST_TMPDIR/it's a \$bundle"
  BUNDLE="$BATS_TEST_TMPDIR/it's a \$bundle"
  go 2.30
  exits 0
  sed -i 's/^first_satisfied() {/&\n  return 1;/' "$(script_of 2.30)"
  seal
  go 2.30
  exits 1
  has "cd $(printf '%q' "$BUNDLE") && ./2.30-section.sh"
}

@test "a bundle that cannot be written" {
  chmod -R a-w "$BUNDLE"
  listing | sed 's/^world.*//; s/^home.*//' >"$BATS_TEST_TMPDIR/before"
  go 2.30
  exits 0
  chmod -R u+w "$BUNDLE"
  same '' "$(find "$BUNDLE" -newer "$STATE/approved" -type f)"
}

@test "a TMPDIR that is not there gives way to /tmp" {
  TMPDIR="$BATS_TEST_TMPDIR/nowhere" go 2.30
  exits 0
}

@test "a TMPDIR too long for ssh's sockets gives way to /tmp" {
  words 'echo "${#SCRATCH}"'
  ((output <= 45))
}

@test "NO_COLOR is obeyed, and there is no colour without a terminal" {
  TERM=xterm go 2.30
  lacks $'\e'
  rm "$WORLD/first"
  TERM=xterm on_terminal '' 2.30
  has $'\e[32mdone\e[0m'
  rm "$WORLD/first"
  NO_COLOR=1 TERM=xterm on_terminal '' 2.30
  lacks $'\e[3'
}

@test "the log has what was shown and what was printed, once and without colours" {
  TERM=xterm on_terminal '' 2.30
  same 1 "$(grep -c '日本語の題名' "$STATE/logs/2.30.log")"
  same 1 "$(grep -c "home $HOUSE" "$STATE/logs/2.30.log")"
  same '' "$(grep $'\e' "$STATE/logs/2.30.log")"
}

@test "the operator's own credentials are put away before a cloud's are used" {
  printf 'echo welcome\nexport OS_USERNAME=admin\nexport OS_CLOUDNAME=$not_set\n' >"$HOUSE/stackrc"
  OS_PROJECT_NAME=mine OS_USERNAME=me words 'with_stackrc bash -c "echo \"\$OS_USERNAME [\${OS_PROJECT_NAME-none}]\""'
  same 'admin [none]' "$output"
}

@test "credentials that cannot be read are a cannot tell" {
  words 'q() { with_overcloudrc true; }; ask q; echo "$ANSWER: $WHY"'
  same "unknown: no credentials: $HOUSE/overcloudrc cannot be read" "$output"
}

@test "credentials that ask for a password do not hang" {
  printf 'read -r OS_PASSWORD\nexport OS_PASSWORD\n' >"$HOUSE/stackrc"
  words 'with_stackrc echo well'
  same well "$output"
}
