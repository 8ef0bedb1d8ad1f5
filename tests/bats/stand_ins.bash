# Sections whose standing a test can set: what 2.14 and the runbook ask of them, and nothing else. With them the suites of these two
# need not go through the whole chapter first.
#
#   bundle_of_stand_ins      prints a bundle's folder: the real one, with the sections that change something replaced
#   sum_up FOLDER            the sums of a bundle whose files were changed
#   stand SECTION STATUS     what its --status ends with from now on: 0 done, 1 open, 3 cannot tell

bundle_of_stand_ins() {
  local bundle script id
  bundle=$(compiled stand-ins "$@")
  for script in "$bundle"/2.0[1-9]-*.sh; do
    id=${script##*/}
    stand_in "${id%%-*}" >"$script"
  done
  sum_up "$bundle"
  printf '%s' "$bundle"
}

# sum_up FOLDER: the sums of a bundle whose files were changed.
sum_up() {
  (cd "$1" && find . -type f ! -name SHA256SUMS -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum >SHA256SUMS)
}

stand_in() {
  cat <<SCRIPT
#!/usr/bin/env bash
standing=0
if [[ -e ~/standing-$1 ]]; then standing=\$(cat ~/standing-$1); fi
case \${1-} in
  --help) echo "$1  Section $1" ;;
  --list) echo "$1/1 change low Its only step" ;;
  --status)
    echo "\${OSP_READINESS-no}" >~/asked-$1
    if ((standing == 1)); then echo '$1/1    no       Its only step  (not yet)'; fi
    if ((standing == 3)); then echo 'nobody answers' >&2; fi
    exit "\$standing"
    ;;
  *) echo "ran $1: \$*" ;;
esac
SCRIPT
}

stand() { sim_run bash -c "echo $2 >~/standing-$1"; }

# verdicts WORD [WHEN]: the evidence of every check of 2.00 and of 2.10 to 2.12.
verdicts() {
  sim_run bash -c 'for script in ./2.00-*.sh ./2.1[0-2]-*.sh; do
    while read -r id _; do
      printf "verdict\t%s\t%s\n%s\tas it is\t\n" "$0" "$1" "$0" >"$2/evidence/${id//\//-}.tsv"
    done < <("$script" --list)
  done' "$1" "${2:-$(sim_run date --utc +%Y-%m-%dT%H:%M:%SZ)}" "$STATE_FOLDER"
}

# journalled WHO SECTION STEP EVENT DETAIL [WHEN]
journalled() {
  printf '%s\t%s\tCHG0000002\t0123456789ab\t%s\t%s\t-\t%s\t%s\n' "${6:-2018-11-22T20:00:00Z}" "$1" "$2" "$3" "$4" "$5" \
    >>"$(sim_file undercloud $STATE_FOLDER/journal.tsv)"
}

# Backups of this change, as 2.01 and 2.02 leave them.
make_backups() {
  local kind
  for kind in undercloud control_plane; do
    sim_root bash -c 'set -e; folder=/var/backup/osp/CHG0000002/$0-2018-11-22-200000; mkdir -p "$folder"; cd "$folder"
      echo 1542916800 >started; echo piece >"$0.tar"; sha256sum "$0.tar" >SHA256SUMS' "$kind"
  done
}

approve() { sim_run bash -c './runbook approve "$(sha256sum <SHA256SUMS | cut -d " " -f 1)"'; }
