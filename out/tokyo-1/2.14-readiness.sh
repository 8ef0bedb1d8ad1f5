#!/usr/bin/env bash
#
# 2.14  第 3 章に進む準備の確認 / Readiness for chapter 3
# ガイド: 2.14
# サイト tokyo-1、変更 CHG0042137。osp-compile が生成。このファイルではなく spec を変更してください。
#
#   ./2.14-readiness.sh --dry-run    実行する内容を表示する。何も変更しない
#   ./2.14-readiness.sh              実行する。何度実行してもよい
#
# 第 3 章を開始してよいかを判定します。各セクションの結果が保たれているかを確認し、実行者、日時、ダイジェスト、
# 免除、申告、強制通過、警告の記録、バックアップの場所とチェックサム、未完了の項目を一覧にします。妨げるものがない
# 場合だけ終了コードは 0 です。変更は行いません。

# The text that runs is a copy, which is made and compared here and then read as a whole: whatever happens to the bundle
# during the run, no other text runs. (The environment cannot set an array.)
if [[ ${PARTS[1]-} != SHA256SUMS ]]; then
  # no function that a login has exported is run in place of what follows
  POSIXLY_CORRECT=1
  unset -f unset set cd trap dirname readlink find awk timeout mktemp cp rm sha256sum printf exit
  unset POSIXLY_CORRECT
  # (names that only this mode allows)
  unset -f . : [
  # and no program that somebody else can have put in a folder of PATH: lib/engine/path.sh puts the others back
  PATH_OF_LOGIN=${PATH-} PATH=/usr/bin:/bin
  set -euo pipefail
  SELF=$(readlink --canonicalize -- "${BASH_SOURCE[0]}")
  cd -- "$(dirname -- "$SELF")"
  # the checksums come first: nothing of lib/ runs before, and lib/ compares those of the other files. Only regular
  # files are read for that, since a pipe or a device in place of a file would keep sha256sum waiting for ever
  BUNDLE=$PWD COPY=$(mktemp --directory /tmp/osp.XXXXXX)
  trap 'rm --recursive --force -- "$COPY"' EXIT
  SELF=${SELF##*/} PARTS=(lib SHA256SUMS)
  PARTS+=("$SELF")
  for part in files SHA256SUMS.asc; do if [[ -e $part ]]; then PARTS+=("$part"); fi; done
  sums=$(find . ! -xtype f ! -xtype d ! -xtype l -printf '%P: not a regular file\n' -quit 2>/dev/null) || :
  if [[ -z $sums ]] &&
    ! sums=$(timeout 60 cp --recursive --dereference --target-directory="$COPY" -- "${PARTS[@]}" 2>&1); then
    printf '%s: refused: it cannot be copied to /tmp: %s\n  remedy: %s\n' "$SELF" "${sums//[[:cntrl:]]/ }" \
      'df -h /tmp; sha256sum --check --quiet SHA256SUMS' >&2
    exit 3
  elif [[ -n $sums ]] || ! cd -- "$COPY" ||
    ! sums=$(SELF=$SELF awk '{ file = substr($0, 67) } file == ENVIRON["SELF"] || file ~ /^(lib|files)\//' SHA256SUMS |
      timeout 60 sha256sum --check --quiet --strict 2>&1); then
    sums=${sums:-they cannot be read within 60 s}
    printf '%s: refused: bundle files were modified: %s\n  remedy: compile it again, and have it reviewed again\n' \
      "$SELF" "${sums//[[:cntrl:]]/ }" >&2
    exit 3
  fi
  # (the copy of this very file, which a linter has read already)
  # shellcheck source=/dev/null
  . "./$SELF"
  exit
fi
# shellcheck source=lib/runtime.sh
. lib/runtime.sh
. lib/engine/sections.sh
. lib/systems/backup.sh
. lib/systems/ceph.sh
. lib/systems/services.sh

# 各手順の進み方:
#   NAME_check      合格、警告、失敗のいずれかを示し、何も変更しない
# 終了コードは 0 が「はい」、1 が「いいえ」、2 が「判断できない」。either A -- B は「A または B」、opposite A は「A でない」。
# 使っている関数と変数の定義:
#   lib/engine/check.sh       fail last_words tell warn
#   lib/engine/everywhere.sh  judge_question pass_unless_found
#   lib/engine/journal.sh     STATE
#   lib/engine/question.sh    REMEDY WHY in_time patiently
#   lib/engine/root.sh        as_root
#   lib/engine/sections.sh    STANDING every_node_is_back last_run_of no_compute_of_ours no_flag_of_ours section_id
#                             section_scripts section_stands steps_of verdict_of
#   lib/engine/step.sh        SECTION section_named
#   lib/engine/words.sh       fact_of numbers
#   lib/runtime.sh            COPY SCRATCH
#   lib/site.sh               BACKUP_DIR CHANGE COPY_TO
#   lib/systems/backup.sh     look_at_backup
section 2.14 '第 3 章に進む準備の確認' '' "$@"

# 2.14/1  全セクションの完了の確認
#   確認; アンダークラウド

# Every section before this one is asked now whether its effect is there. A backup's age does not count any more.
sections_done_check() {
  local script id
  while IFS= read -r script; do
    id=$(section_id "$script")
    if [[ $id == "$SECTION" ]]; then break; fi
    section_stands "$script"
    tell "$id  $STANDING$(by_whom "$id")"
    case $STANDING in
      warned) warn "$id has warnings: $WHY" "./${script##*/}" ;;
      open) fail "$id is open: $WHY" "./${script##*/}" ;;
      unknown) fail "the state of $id is unknown: $WHY" "$REMEDY" ;;
    esac
  done < <(section_scripts)
  pass_unless_found 'every section is done'
}

# by_whom SECTION: its last run, by the journal.
by_whom() {
  local row when who digest how
  row=$(last_run_of "$1")
  if [[ -z $row ]]; then return; fi
  IFS=$'\t' read -r when who digest how <<<"$row"
  printf ', last run %s by %s, bundle %s, %s' "$when" "$who" "$digest" "$how"
}

# 2.14/2  検証結果が新しいことの確認
#   確認; アンダークラウド

# A validation of yesterday says nothing about the site tonight.
VALIDATION_HOURS=24

validations_fresh_check() {
  local script id verdict when age now all=''
  now=$(date +%s)
  for script in "$BUNDLE"/2.*-{check-packages,validate-undercloud,validate-overcloud}.sh; do
    all+=", $(section_id "$script")"
    while read -r id _; do
      verdict=$(verdict_of "$id")
      if [[ -z $verdict ]]; then
        fail "$id has not been run" "./${script##*/}"
        continue
      fi
      when=$(date --utc --date="${verdict#* }" +%s)
      if ! numbers now when; then
        fail "cannot tell when $id ran: ${verdict#* }" "./${script##*/}"
        continue
      fi
      age=$((now - when))
      if ((age > VALIDATION_HOURS * 3600 || age < -300)); then
        fail "$id ran at ${verdict#* }; it must be less than $VALIDATION_HOURS h old" "./${script##*/}"
      fi
    done < <(steps_of "$script")
  done
  pass_unless_found "every check of ${all#, } has run in the last $VALIDATION_HOURS h"
}

# 2.14/3  免除、申告、強制通過、警告の一覧
#   確認; アンダークラウド

# What was waived, accepted, attested or forced, and what the changes have warned of. Nothing here fails; whoever signs for chapter 3 must have
# seen it.
exceptions_listed_check() {
  local step reason when who system name node
  while IFS=$'\t' read -r step reason; do
    warn "waived by the spec: $step: $reason"
  done <"$COPY/lib/waivers.tsv"
  while IFS=$'\t' read -r system name reason; do
    warn "accepted by the spec: $system: $name: ${reason:-no reason is given}"
  done <"$COPY/lib/accepted.tsv"
  while IFS=$'\t' read -r when who step reason node; do
    warn "attested: $step${node:+ $node} by $who at $when: $reason"
  done < <(attestations)
  while IFS=$'\t' read -r when who step node reason; do
    warn "a gate was forced: $step by $who at $when: $reason"
  done < <(journalled gate-forced)
  while IFS=$'\t' read -r when who step node reason; do
    warn "$step has warned at $when, $node: $reason"
  done < <(journalled warned)
  if [[ -z $COPY_TO ]]; then
    warn 'the spec names no place for copies of the backups outside the undercloud' 'check that your own copy exists'
  fi
  pass_unless_found 'nothing was waived, accepted, attested, forced or warned of'
}

attestations() {
  if [[ -e $STATE/attested.tsv ]]; then cat -- "$STATE/attested.tsv"; fi
}

# journalled EVENT: when, by whom, at which step and node, and the detail.
journalled() {
  if [[ -e $STATE/journal.tsv ]]; then
    awk -F '\t' -v OFS='\t' -v event="$1" '$8 == event { print $1, $2, $6, $7, $9 }' "$STATE/journal.tsv"
  fi
}

# 2.14/4  バックアップの場所とチェックサムの確認
#   確認; アンダークラウド
backups_kept_check() {
  list_backup undercloud
  list_backup control_plane
  pass_unless_found "every file of both backups matches its checksum${COPY_TO:+; copies are at $COPY_TO}"
}

# list_backup KIND: each piece with its place and its checksum, which is computed again now.
list_backup() {
  local facts set bad
  if ! facts=$(patiently as_root look_at_backup "$BACKUP_DIR/$CHANGE" "$1" ALL 2>"$SCRATCH/list.err"); then
    fail "cannot look at the backup of the ${1/_/ }: $(last_words "$SCRATCH/list.err" 'an error')" "sudo ls $BACKUP_DIR/$CHANGE"
    return
  fi
  set=$(fact_of set <<<"$facts")
  if [[ -z $set ]]; then
    fail "there is no backup of the ${1/_/ } under $BACKUP_DIR/$CHANGE" "run $(section_named "back-up-${1/_/-}")"
    return
  fi
  tell "$set"
  list_sums "$set"
  bad=$(awk '$1 == "missing" || $1 == "changed"' <<<"$facts")
  if [[ -n $bad ]]; then fail "in $set some files are missing or do not match their checksums" "sudo sh -c 'cd $set && sha256sum --check SHA256SUMS'"; fi
}

list_sums() {
  local sum piece
  while read -r sum piece; do
    tell "  $sum  $piece"
  done < <(in_time sudo cat -- "$1/SHA256SUMS")
}

# 2.14/5  未完了の項目がないことの確認
#   確認; アンダークラウド

# Our switches that are still turned, and nodes that have not come back.
nothing_left_open_check() {
  judge_question no_flag_of_ours
  judge_question no_compute_of_ours
  judge_question every_node_is_back
  pass_unless_found 'this change has left nothing disabled, flagged or rebooting'
}

# 手順の一覧。列: 番号、NAME、種別、影響、設定を切り替える区間 (opens 開始、body 途中、closes 終了)、NAME_verify の期限 (秒)、タイトル。
steps <<'STEPS'
2.14/1   sections_done              check    low         -                  60    全セクションの完了の確認
2.14/2   validations_fresh          check    low         -                  60    検証結果が新しいことの確認
2.14/3   exceptions_listed          check    low         -                  60    免除、申告、強制通過、警告の一覧
2.14/4   backups_kept               check    low         -                  60    バックアップの場所とチェックサムの確認
2.14/5   nothing_left_open          check    low         -                  60    未完了の項目がないことの確認
STEPS
run_steps
