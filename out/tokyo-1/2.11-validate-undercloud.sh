#!/usr/bin/env bash
#
# 2.11  アンダークラウドの検証 / Validate the undercloud
# ガイド: 2.11
# サイト tokyo-1、変更 CHG0042137。osp-compile が生成。このファイルではなく spec を変更してください。
#
#   ./2.11-validate-undercloud.sh --dry-run    実行する内容を表示する。何も変更しない
#   ./2.11-validate-undercloud.sh              実行する。何度実行してもよい
#
# アンダークラウドの動作を確認します。認証情報、失敗したユニット、ディスク空き容量、時刻、ネットワークエージェント、
# Compute サービス、heat に残る削除済みスタックの数を調べ、合格、警告、失敗を理由と対処とともに示します。変更は
# 行いません。

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
. lib/systems/hosts.sh
. lib/systems/services.sh

# 各手順の進み方:
#   NAME_check      合格、警告、失敗のいずれかを示し、何も変更しない
# 終了コードは 0 が「はい」、1 が「いいえ」、2 が「判断できない」。either A -- B は「A または B」、opposite A は「A でない」。
# 使っている関数と変数の定義:
#   lib/engine/check.sh       fail last_words pass pass_or_fail warn
#   lib/engine/everywhere.sh  judge_undercloud pass_unless_found
#   lib/engine/question.sh    SAID
#   lib/engine/rc.sh          hear_undercloud with_stackrc
#   lib/engine/wait.sh        settle
#   lib/runtime.sh            SCRATCH
#   lib/site.sh               DISK_WARN UNDERCLOUD_HOME
#   lib/systems/hosts.sh      judge_clock judge_disks judge_units list_disks list_failed_units read_clock
#   lib/systems/services.sh   judge_agents judge_compute_services judge_list list_rows
section 2.11 'アンダークラウドの検証' '' "$@"

# 2.11/1  アンダークラウドの認証情報の確認
#   確認; アンダークラウド
#   ガイド: source ~/stackrc
undercloud_credentials_check() {
  pass_or_fail "$UNDERCLOUD_HOME/stackrc opens a session" "check that $UNDERCLOUD_HOME/stackrc belongs to this undercloud" undercloud_answers
}

undercloud_answers() {
  local expires
  # of the token its expiry alone: the rest is a secret
  # departs: 別のクラウドに対して実行しないよう、コマンドごとに読み込む。トークンの取得で有効性を確認する
  hear_undercloud openstack token issue -f value -c expires || return 2
  expires=$SAID
  [[ -n $expires ]]
}

# 2.11/2  失敗したサービスの確認
#   確認; アンダークラウド
#   ガイド: sudo systemctl list-units --state=failed 'openstack*' 'neutron*' 'httpd' 'docker'
undercloud_units_check() {
  # departs: その他の失敗したユニットも警告として示す
  judge_undercloud judge_units list_failed_units 'openstack*' 'neutron*' httpd docker
  pass_unless_found 'no unit has failed'
}

# 2.11/3  ディスク空き容量の確認
#   確認; アンダークラウド
#   ガイド: df -h
undercloud_disks_check() {
  # departs: 容量と inode の使用率を数値で読み、spec のしきい値で判定する。メモリー上のファイルシステムは除く
  judge_undercloud judge_disks list_disks
  pass_unless_found "every file system is less than $DISK_WARN % full"
}

# 2.11/4  時刻同期の確認
#   確認; アンダークラウド
#   ガイド: sudo ntpstat
undercloud_clock_check() {
  # departs: chronyd が動く環境では ntpstat で分からないため chronyd に確認する
  settle 'the clock to be synchronised' judge_undercloud judge_clock read_clock
  pass_unless_found 'the clock is synchronised'
}

# 2.11/5  ネットワークエージェントの確認
#   確認; アンダークラウド
undercloud_network_agents_check() {
  settle 'every network agent to be alive' \
    judge_list judge_agents 'network agents' agents with_stackrc openstack network agent list -f json
  pass_unless_found 'every network agent is alive and UP'
}

# 2.11/6  Compute サービスの確認
#   確認; アンダークラウド
#   ガイド: openstack compute service list
undercloud_compute_services_check() {
  # departs: 無効化の理由も読むため --long を付ける
  settle 'every compute service to be up' \
    judge_list judge_compute_services 'compute services' services with_stackrc openstack compute service list --long -f json
  pass_unless_found 'every compute service is enabled and up'
}

# 2.11/7  heat に残る削除済みスタックの確認
#   確認; アンダークラウド

# What heat keeps of deleted stacks slows its database's migration in chapter 3.
deleted_stacks_check() {
  local rows deleted
  if ! rows=$(list_rows stacks with_stackrc openstack stack list --deleted -f json); then
    fail "cannot list the deleted stacks that heat still holds: $(last_words "$SCRATCH/list.err" 'an error')" 'stackrc: openstack stack list --deleted'
    return
  fi
  deleted=$(awk '/\t(DELETE_COMPLETE|.*_COMPLETE|.*_FAILED)$/ { n++ } END { print n + 0 }' <<<"$rows")
  if [[ $deleted != 0 ]]; then
    warn "heat still holds $deleted deleted stack(s) and their nested stacks" 'after the backup ;; here: sudo heat-manage purge_deleted --granularity days 30'
  else
    pass 'heat holds no deleted stacks'
  fi
}

# 手順の一覧。列: 番号、NAME、種別、影響、設定を切り替える区間 (opens 開始、body 途中、closes 終了)、NAME_verify の期限 (秒)、タイトル。
steps <<'STEPS'
2.11/1   undercloud_credentials      check    low         -                  60    アンダークラウドの認証情報の確認
2.11/2   undercloud_units            check    low         -                  60    失敗したサービスの確認
2.11/3   undercloud_disks            check    low         -                  60    ディスク空き容量の確認
2.11/4   undercloud_clock            check    low         -                  60    時刻同期の確認
2.11/5   undercloud_network_agents   check    low         -                  60    ネットワークエージェントの確認
2.11/6   undercloud_compute_services check    low         -                  60    Compute サービスの確認
2.11/7   deleted_stacks              check    low         -                  60    heat に残る削除済みスタックの確認
STEPS
run_steps
