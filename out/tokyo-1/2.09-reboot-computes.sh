#!/usr/bin/env bash
#
# 2.09  コンピュートノードの再起動 / Reboot the compute nodes
# ガイド: 2.9
# サイト tokyo-1、変更 CHG0042137。osp-compile が生成。このファイルではなく spec を変更してください。
#
#   ./2.09-reboot-computes.sh --dry-run    実行する内容を表示する。何も変更しない
#   ./2.09-reboot-computes.sh              実行する。何度実行してもよい
#
# 再起動が必要なコンピュートごとに、新規インスタンスの受け入れを止め、インスタンスを移し、nova と libvirt の両方で
# 空と確認してから再起動します。サービスとエージェントが up に戻ったら受け入れを再開します。作業前のインスタンスの
# 状態はノード上に記録するため、中断後の再実行でも失われません。ほかの担当者が無効にしたコンピュートは、再起動後も
# 無効のままです。

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
. lib/systems/cloud.sh
. lib/systems/hiera.sh
. lib/systems/instances.sh
. lib/systems/nova.sh
. lib/systems/reboot.sh
. lib/systems/service_record.sh

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
# wait_until 秒 説明 A は A が「はい」になるまで待ち、秒数を過ぎると失敗する。
# attempt COMMAND は、終了コードで判断できないコマンドを実行する。結果は後で確認する。
# ask A と answer A は A を調べ、ANSWER に yes、no、unknown を入れる (answer は「判断できない」なら手順を終える)。ask は WHY に理由、
# REMEDY に対処方法も入れる。
# 使っている関数と変数の定義:
#   lib/engine/apply.sh            warn_of
#   lib/engine/check.sh            fail pass warn
#   lib/engine/claim.sh            claimed no_claims
#   lib/engine/everywhere.sh       judge_soon
#   lib/engine/log.sh              to_log
#   lib/engine/pasting.sh          shown_remedy
#   lib/engine/question.sh         ANSWER REMEDY WHY ask attempt either insist opposite when_no when_yes
#   lib/engine/rc.sh               with_overcloudrc
#   lib/engine/record.sh           append_record
#   lib/engine/root.sh             as_root_on
#   lib/engine/screen.sh           complain
#   lib/engine/ssh.sh              on
#   lib/engine/stop.sh             quoted
#   lib/engine/wait.sh             settle wait_until
#   lib/runtime.sh                 SCRATCH
#   lib/site.sh                    CHANGE TIMEOUT_REBOOT
#   lib/systems/ceph.sh            ceph_can_spare_a_node ceph_holds_for_a_reboot on_hyperconverged
#   lib/systems/instances.sh       BUSY INSTANCE_RECORD MOVABLE arrived_after_record await_tasks has_instance_record
#                                  in_another_state instances_before instances_off_record is_empty list_instances
#                                  look_what_moves_live no_instance_moves no_instance_newly_in_error
#                                  no_instance_record time_to_move
#   lib/systems/nova.sh            compute_host compute_serves nova-service takes_instances takes_no_instances
#                                  tell_why_they_stay
#   lib/systems/reboot.sh          await_reboot before_reboot is_rebooting may_lose_connection needs_no_reboot
#                                  nobody_is_rebooting reboot_is_due reboot_would_help runs_newest_software
#                                  was_not_due
#   lib/systems/service_record.sh  drop_record
section 2.09 'コンピュートノードの再起動' '2.06' "$@"

# 2.09/3  新規インスタンスの受け入れ停止
#   変更、影響小; アンダークラウド、コンピュートごと
#   変更対象: Compute サービス nova-compute
#   ガイド: openstack server list --name compute
#   ガイド: openstack compute service set [hostname] nova-compute --disable
disable_scheduling_requires() { either is_rebooting "$1" -- compute_may_be_emptied "$1"; }
disable_scheduling_satisfied() { takes_no_instances "$1"; }
disable_scheduling_apply() {
  local node=$1 host
  # departs: ノードは spec のものを使う。誤った名前は空のノードに見えるため、nova 上のホスト名を確認して使う
  host=$(compute_host "$node")
  with_overcloudrc openstack compute service list --service nova-compute --host "$host" 2>&1 | to_log
  # departs: この変更が無効にしたものだけを後で有効に戻せるよう、理由に変更番号を記す
  when_no takes_no_instances "$node" -- \
    with_overcloudrc openstack compute service set "$host" nova-compute --disable --disable-reason "$CHANGE: rebooted in the update"
}
disable_scheduling_verify() { takes_no_instances "$1"; }

compute_may_be_emptied() {
  node_can_be_spared "$1" && reboot_would_help "$1"
}
# No other node may be away, and this one must be fit to take instances again afterwards; one with OSDs must be one that Ceph can spare.
node_can_be_spared() { nobody_is_rebooting && compute_serves "$1" && on_hyperconverged "$1" ceph_can_spare_a_node hyperconverged; }

# 2.09/4  ノード上のインスタンスの記録
#   変更、影響小; コンピュートごと
#   変更対象: ファイル /var/lib/osp-runbook/<change>/instances
#   ガイド: openstack server list --host [hostname] --all-projects
record_instances_requires() { takes_no_instances "$1"; }
record_instances_satisfied() { either is_rebooting "$1" -- record_is_there_or_not_due "$1"; }
record_instances_apply() {
  local node=$1 host statuses
  host=$(compute_host "$node")
  # departs: 1000 件の上限をなくすため --limit -1 を付ける
  with_overcloudrc openstack server list --host "$host" --all-projects --limit -1 2>&1 | to_log
  # what an earlier run has written stays: it is what was before this change
  statuses=$(instances_off_record "$node")
  as_root_on "$node" append_record "$INSTANCE_RECORD" "$statuses"
}
record_instances_verify() { has_instance_record "$1"; }

record_is_there_or_not_due() { either was_not_due "$1" -- has_instance_record "$1"; }

# 2.09/5  インスタンスの移行
#   変更、サービス影響あり; アンダークラウド、コンピュートごと
#   変更対象: 対象ノード上のインスタンス
#   ガイド: nova live-migration [instance-id]
drain_node_requires() {
  # where its owner had disabled the compute, step 2.09/3 has asked nothing
  takes_no_instances "$1" && has_instance_record "$1" && compute_may_be_emptied "$1"
}
drain_node_satisfied() { either is_rebooting "$1" -- is_drained_or_not_due "$1"; }
drain_node_apply() {
  local node=$1 host limit
  host=$(compute_host "$node")
  limit=$(time_to_move "$node")
  # an earlier run that was cut, or somebody else, may be moving some already
  await_tasks "$node"
  # a second time for what nova rolled back the first time
  for _ in 1 2; do
    # departs: ホストの CPU、メモリー、デバイスに固定されたインスタンスはライブマイグレーションしない。この
    #   リリースの nova は受け付けるが、移行先でほかのインスタンスの CPU と重なる
    look_what_moves_live "$node"
    if [[ -z $MOVABLE ]]; then break; fi
    migrate_live
    wait_until "$limit" "the instances of $node to arrive elsewhere" no_instance_moves "$node" "$BUSY"
  done
  # says why nova did not move the rest; the word is the spec's policy for it (compute_reboot.stuck)
  tell_why_they_stay "$node" fail
  with_overcloudrc openstack server list --host "$host" --all-projects --limit -1 2>&1 | to_log
}
drain_node_verify() { node_is_drained "$1"; }

# Moves the instances in MOVABLE, which look_what_moves_live has set. The exit status of these commands proves nothing: afterwards nova is
# asked where the instances are.
migrate_live() {
  local id
  for id in $MOVABLE; do
    # departs: 移行の完了前に終了するため終了コードでは判断せず、移行後のホストで確認する。残ったものにはもう
    #   一度だけ実行する
    attempt with_overcloudrc nova live-migration "$id"
  done
}

is_drained_or_not_due() { either was_not_due "$1" -- node_is_drained "$1"; }

# This site's policy: if an instance does not move live the section stops, and the node is not rebooted.
node_is_drained() { is_empty "$1" && no_instance_newly_in_error "$1"; }

# 2.09/9  空のノードの再起動
#   変更、サービス影響あり; コンピュートごと
#   変更対象: 対象ノードの再起動
#   ガイド: sudo reboot
request_reboot_requires() { either is_rebooting "$1" -- compute_may_go_down "$1"; }
request_reboot_satisfied() { either is_rebooting "$1" -- runs_newest_software "$1"; }
request_reboot_apply() {
  local node=$1
  # departs: 確認待ちの間にインスタンスが移ってくることがあるため、直前に nova と libvirt、OSD を持つノードでは
  #   Ceph も再確認する
  insist compute_may_go_down "$node"
  # records the present boot id and the reason, by which later steps and runs know what is rebooting
  before_reboot "$node"
  may_lose_connection on "$node" sudo reboot
}
request_reboot_verify() { either is_rebooting "$1" -- runs_newest_software "$1"; }

compute_may_go_down() {
  nobody_is_rebooting && compute_serves "$1" &&
    takes_no_instances "$1" && node_is_drained "$1" && on_hyperconverged "$1" ceph_holds_for_a_reboot &&
    reboot_is_due "$1" && reboot_would_help "$1"
}

# 2.09/10  ノードの起動待ち
#   変更、影響小; コンピュートごと
#   変更対象: 対象ノードの再起動
await_node_requires() { is_rebooting "$1"; }
await_node_satisfied() { needs_no_reboot "$1"; }
await_node_apply() { await_reboot "$1"; }
await_node_verify() { runs_newest_software "$1"; }

# 2.09/11  インスタンスの受け入れ再開
#   変更、影響小; アンダークラウド、コンピュートごと
#   変更対象: Compute サービス nova-compute
#   ガイド: openstack compute service set [hostname] nova-compute --enable
enable_scheduling_requires() { compute_may_take_instances "$1"; }
enable_scheduling_satisfied() { no_claims nova-service "$1" && compute_serves_or_is_done "$1"; }
enable_scheduling_apply() {
  local node=$1 host
  host=$(compute_host "$node")
  wait_until "$TIMEOUT_REBOOT" "nova-compute and the agents of $node to be up" compute_serves "$node"
  # departs: この変更が無効にしたものだけを、サービスが up でエージェントが稼働してから有効にする
  # (the claim is the reason that step 2.09/3 gave, with the number of the change; nova drops it when the service is enabled)
  when_yes claimed nova-service "$node" -- with_overcloudrc openstack compute service set "$host" nova-compute --enable
}
enable_scheduling_verify() { no_claims nova-service "$1" && compute_serves "$1"; }

compute_may_take_instances() { opposite is_rebooting "$1" && runs_newest_software "$1"; }
compute_serves_or_is_done() { either no_instance_record "$1" -- compute_serves "$1"; }

# After a failure the node takes instances again, if it was this change that disabled it and if it is fit for them.
enable_scheduling_rescue() {
  when_yes claimed nova-service "$1" -- enable_if_fit "$1"
}
compute_is_fit() { opposite is_rebooting "$1" && compute_serves "$1"; }

enable_if_fit() {
  local node=$1 host
  host=$(compute_host "$node")
  ask compute_is_fit "$node"
  if [[ $ANSWER == yes ]]; then
    with_overcloudrc openstack compute service set "$host" nova-compute --enable
  else
    complain "nova-compute on $node STAYS DISABLED: ${WHY:-the node does not answer}. When the node is healthy, run this section again, or:"
    complain "  $(shown_remedy "rc: openstack compute service set $(quoted "$host") nova-compute --enable")"
  fi
}

# 2.09/12  Compute サービスの確認
#   確認; アンダークラウド、コンピュートごと
#   ガイド: openstack compute service list

# A service that somebody else has disabled stays so: its owner decides, and the reader is warned.
compute_services_check() {
  settle "nova-compute on $1 and its agents to be up" judge_soon compute_serves "$1"
  # what is not up is in the findings
  if [[ -s $SCRATCH/findings ]]; then return; fi
  # departs: 無効化の理由も読むため --long を付ける。所有者が無効にしたサービスは警告とする
  ask takes_instances "$1"
  case $ANSWER in
    yes) pass "nova-compute on $1 is enabled and up, and its agents are alive" ;;
    no) warn "$WHY" "${REMEDY:-ask its owner}" ;;
    *) fail "cannot tell whether nova-compute on $1 is enabled: $WHY" 'rc: openstack compute service list' ;;
  esac
}

# 2.09/13  インスタンスの状態の照合
#   変更、影響小; アンダークラウド、コンピュートごと
#   変更対象: ファイル /var/lib/osp-runbook/<change>/instances
restore_instances_requires() { opposite is_rebooting "$1" && compute_serves "$1"; }
restore_instances_satisfied() { opposite is_rebooting "$1" && no_instance_record "$1"; }
restore_instances_apply() {
  local node=$1
  # by this site's policy nothing was stopped, so nothing is started: what differs from the record is reported
  tell_of_other_states "$node"
  tell_of_instances_arrived_late "$node"
  with_overcloudrc openstack server list --status ERROR --all-projects --limit -1 2>&1 | to_log
  insist no_instance_newly_in_error "$node"
  as_root_on "$node" drop_record "$INSTANCE_RECORD"
}
restore_instances_verify() { no_instance_record "$1"; }

# What ran and is shut off now, or the other way round: a migration may have done that, or its owner.
tell_of_other_states() {
  local node=$1 before off others id was
  before=$(instances_before "$node")
  off=$(list_instances --status SHUTOFF)
  others=$(in_another_state "$before" "$off")
  if [[ -z $others ]]; then return; fi
  while read -r id was; do
    if [[ $was == ACTIVE ]]; then was='was ACTIVE, and is SHUTOFF'; else was='was SHUTOFF, and is not now'; fi
    warn_of "$node" "$id $was" "rc: openstack server show $(quoted "$id")"
  done <<<"$others"
}

# What arrives between the last look at the node and its reboot is not seen, and nova does not start it.
tell_of_instances_arrived_late() {
  local node=$1 late word id status name remedy
  late=$(arrived_after_record "$node")
  if [[ -z $late ]]; then return; fi
  while read -r word id status name; do
    remedy="unless its owner wants it off ;; rc: openstack server start $(quoted "$id")"
    if [[ $word == unsure ]]; then
      warn_of "$node" "$name ($id) arrived on $node just before its reboot or since (nova: $status), and libvirt does not tell whether it runs" \
        "on $node: sudo virsh list --all ;; if it does not, and $remedy"
    else
      warn_of "$node" "$name ($id) arrived on $node just before its reboot and does not run (nova: $status)" "$remedy"
    fi
  done <<<"$late"
}

# 手順の一覧。列: 番号、NAME、種別、影響、設定を切り替える区間 (opens 開始、body 途中、closes 終了)、NAME_verify の期限 (秒)、タイトル。
# each GROUP から end_each までは、グループのノードごとに順に実行する (数値は同時に作業する台数)。
steps <<'STEPS'
each computes 1
  2.09/3   disable_scheduling       change   low         opens:scheduling   60    新規インスタンスの受け入れ停止
  2.09/4   record_instances         change   low         body:scheduling    60    ノード上のインスタンスの記録
  2.09/5   drain_node               change   disruptive  body:scheduling    60    インスタンスの移行
  2.09/9   request_reboot           change   disruptive  body:scheduling    300   空のノードの再起動
  2.09/10  await_node               change   low         body:scheduling    120   ノードの起動待ち
  2.09/11  enable_scheduling        change   low         closes:scheduling  120   インスタンスの受け入れ再開
  2.09/12  compute_services         check    low         -                  60    Compute サービスの確認
  2.09/13  restore_instances        change   low         -                  60    インスタンスの状態の照合
end_each
STEPS
run_steps
