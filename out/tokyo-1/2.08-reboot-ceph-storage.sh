#!/usr/bin/env bash
#
# 2.08  Ceph Storage ノードの再起動 / Reboot the Ceph Storage nodes
# ガイド: 2.8
# サイト tokyo-1、変更 CHG0042137。osp-compile が生成。このファイルではなく spec を変更してください。
#
#   ./2.08-reboot-ceph-storage.sh --dry-run    実行する内容を表示する。何も変更しない
#   ./2.08-reboot-ceph-storage.sh              実行する。何度実行してもよい
#
# 再起動が必要な OSD ノードを 1 台ずつ再起動します。その間 noout と norebalance を設定し、Ceph のデータ移動を
# 止めます。すべての OSD が up、すべての PG が active+clean になるまで次のノードには進みません。

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
. lib/systems/ceph.sh
. lib/systems/reboot.sh

# 各手順の進み方:
#   NAME_satisfied  「はい」なら実施済みとして飛ばす。「判断できない」ならセクションをそこで止める
#   NAME_requires   「はい」でなければ理由を示し、セクションをそこで止める (終了コード 3)
#   NAME_apply      ガイドのコマンド。set -e で実行する
#   NAME_verify     「はい」になるか期限 (末尾の一覧にある秒数) が過ぎるまで確認する
#   NAME_rescue     途中で失敗したとき、切り替えた設定を元に戻す
#   NAME_check      合格、警告、失敗のいずれかを示し、何も変更しない
# 終了コードは 0 が「はい」、1 が「いいえ」、2 が「判断できない」。either A -- B は「A または B」、opposite A は「A でない」。
# when_yes A -- COMMAND は A が「はい」のときだけ実行する。insist A は「はい」でなければ、失敗としてセクションを止める
# (終了コード 1)。
# claim は、この変更が切り替えた設定であることを先にサイトに記録する。
# wait_until 秒 説明 A は A が「はい」になるまで待ち、秒数を過ぎると失敗する。
# 使っている関数と変数の定義:
#   lib/engine/claim.sh     claim claimed release_claim
#   lib/engine/log.sh       to_log
#   lib/engine/question.sh  either insist opposite when_no when_yes
#   lib/engine/ssh.sh       on one_of
#   lib/engine/wait.sh      wait_until
#   lib/site.sh             TIMEOUT_CEPH_CLEAN
#   lib/systems/ceph.sh     ask_ceph ceph-flag ceph_all_osds_up ceph_all_pgs_clean ceph_has_back
#                           ceph_holds_for_a_reboot ceph_is_held ceph_is_released ceph_may_lose_a_node
#                           ceph_needs_no_flags judge_ceph_health keep_ceph_warnings rescue_ceph
#   lib/systems/reboot.sh   another_is_away await_reboot before_reboot is_rebooting may_lose_connection
#                           needs_no_reboot nobody_is_rebooting reboot_is_due reboot_would_help runs_newest_software
section 2.08 'Ceph Storage ノードの再起動' '2.06' "$@"

# 2.08/1  ノード停止中の Ceph リバランスの抑止
#   変更、影響小; Ceph モニター
#   変更対象: Ceph フラグ noout、Ceph フラグ norebalance、ファイル /var/lib/osp-runbook/<change>/ceph-warnings
#   ガイド: sudo ceph osd set noout

# Our claims are there if an earlier run was cut short; its gates were passed then, and a node may be down now.
hold_rebalancing_requires() { either claimed ceph-flag noout -- ceph_may_lose_a_node ceph_osd_nodes; }
hold_rebalancing_satisfied() { ceph_is_held; }
hold_rebalancing_apply() {
  local monitor
  monitor=$(one_of ceph_mons)
  # departs: 2.08/8 で再起動による警告と区別できるよう、すでに出ている警告を先に記録する
  keep_ceph_warnings
  # departs: ほかの担当者のフラグを解除しないよう、この変更の設定として先にクラスターに記録する
  claim ceph-flag noout
  on "$monitor" sudo ceph osd set noout
  claim ceph-flag norebalance
  on "$monitor" sudo ceph osd set norebalance
}
hold_rebalancing_verify() { ceph_is_held; }

# 2.08/2  Ceph Storage ノードの再起動
#   変更、サービス影響あり; Ceph Storage ノードごと
#   変更対象: 対象ノードの再起動

# A node that an earlier run began to reboot is only waited for: its gates were passed then.
reboot_ceph_node_requires() { either is_rebooting "$1" -- ceph_node_may_go_down "$1"; }
reboot_ceph_node_satisfied() { needs_no_reboot "$1"; }
reboot_ceph_node_apply() {
  local node=$1
  before_reboot "$node"
  when_no is_rebooting "$node" -- may_lose_connection on "$node" sudo reboot
  await_reboot "$node"
}
reboot_ceph_node_verify() { runs_newest_software "$1"; }

ceph_node_may_go_down() { reboot_is_due "$1" && reboot_would_help "$1" && nobody_is_rebooting && ceph_holds_for_a_reboot; }

# 2.08/5  全 OSD の up と全 PG の active+clean の確認
#   変更、影響小; Ceph モニター、Ceph Storage ノードごと
#   変更対象: Ceph フラグ norebalance
#   ガイド: sudo ceph -s
settle_ceph_requires() { opposite is_rebooting "$1"; }
settle_ceph_satisfied() { either another_is_away "$1" -- ceph_has_back "$1"; }
settle_ceph_apply() {
  local monitor
  monitor=$(one_of ceph_mons)
  wait_until "$TIMEOUT_CEPH_CLEAN" 'all OSDs to be up' ceph_all_osds_up
  # departs: norebalance の間は PG が clean に戻らないことがあるため、待つ間だけ解除する
  when_yes claimed ceph-flag norebalance -- on "$monitor" sudo ceph osd unset norebalance
  wait_until "$TIMEOUT_CEPH_CLEAN" 'every placement group to be active+clean' ceph_all_pgs_clean
  when_yes claimed ceph-flag norebalance -- on "$monitor" sudo ceph osd set norebalance
  on "$monitor" sudo ceph -s
}
settle_ceph_verify() { ceph_has_back "$1"; }

# 2.08/7  Ceph リバランスの再開
#   変更、影響小; Ceph モニター
#   変更対象: Ceph フラグ noout、Ceph フラグ norebalance
#   ガイド: sudo ceph osd unset noout
release_rebalancing_requires() { ceph_needs_no_flags; }
release_rebalancing_satisfied() { ceph_is_released; }
release_rebalancing_apply() {
  local monitor
  insist ceph_needs_no_flags
  monitor=$(one_of ceph_mons)
  # departs: この変更が設定したフラグだけを解除する。OSD が down の間に noout を解除すると再構築が始まるため残す
  when_yes claimed ceph-flag noout -- on "$monitor" sudo ceph osd unset noout
  when_yes claimed ceph-flag noout -- release_claim ceph-flag noout
  when_yes claimed ceph-flag norebalance -- on "$monitor" sudo ceph osd unset norebalance
  when_yes claimed ceph-flag norebalance -- release_claim ceph-flag norebalance
}
release_rebalancing_verify() { ceph_is_released; }
release_rebalancing_rescue() { rescue_ceph; }

# 2.08/8  HEALTH_OK の確認
#   確認; Ceph モニター
#   ガイド: sudo ceph status
ceph_health_check() {
  # departs: JSON で読み、フラグによる警告が消えるまで確認する。通常の表示はログに残す
  judge_ceph_health
  ask_ceph status 2>&1 | to_log
}

# 手順の一覧。列: 番号、NAME、種別、影響、設定を切り替える区間 (opens 開始、body 途中、closes 終了)、NAME_verify の期限 (秒)、タイトル。
# each GROUP から end_each までは、グループのノードごとに順に実行する。
steps <<'STEPS'
2.08/1   hold_rebalancing           change   low         opens:flags        60    ノード停止中の Ceph リバランスの抑止
each ceph_osd_nodes
  2.08/2   reboot_ceph_node         change   disruptive  body:flags         60    Ceph Storage ノードの再起動
  2.08/5   settle_ceph              change   low         body:flags         60    全 OSD の up と全 PG の active+clean の確認
end_each
2.08/7   release_rebalancing        change   low         closes:flags       60    Ceph リバランスの再開
2.08/8   ceph_health                check    low         -                  60    HEALTH_OK の確認
STEPS
run_steps
