#!/usr/bin/env bash
#
# 2.07  コントローラーノードとコンポーザブルノードの再起動 / Reboot the controllers and the composable nodes
# ガイド: 2.7
# サイト tokyo-1、変更 CHG0042137。osp-compile が生成。このファイルではなく spec を変更してください。
#
#   ./2.07-reboot-controllers-and-composable.sh --dry-run    実行する内容を表示する。何も変更しない
#   ./2.07-reboot-controllers-and-composable.sh              実行する。何度実行してもよい
#
# コントローラーと、インスタンスも OSD も持たないコンポーザブルロールのノードを、再起動が必要な場合だけ 1 台ずつ
# 再起動します。停止する前に毎回、クラスター、Galera、RabbitMQ、Ceph モニター、ほかのノードのサービス、ルーターに
# 余裕があることを確認します。クラスターへの復帰と全サービスの起動を確認するまで、次のノードには進みません。
# 高可用性でないルーターは、そのノードの停止中、通信が止まります。

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
. lib/systems/haproxy.sh
. lib/systems/hiera.sh
. lib/systems/leave_cluster.sh
. lib/systems/pacemaker.sh
. lib/systems/reboot.sh
. lib/systems/service_record.sh

# 各手順の進み方:
#   NAME_satisfied  「はい」なら実施済みとして飛ばす。「判断できない」ならセクションをそこで止める
#   NAME_requires   「はい」でなければ理由を示し、セクションをそこで止める (終了コード 3)
#   NAME_apply      ガイドのコマンド。set -e で実行する
#   NAME_verify     「はい」になるか期限 (末尾の一覧にある秒数) が過ぎるまで確認する
# 終了コードは 0 が「はい」、1 が「いいえ」、2 が「判断できない」。either A -- B は「A または B」、opposite A は「A でない」。
# when_yes A -- COMMAND は A が「はい」のときだけ実行する。insist A は「はい」でなければ、失敗としてセクションを止める
# (終了コード 1)。
# wait_until 秒 説明 A は A が「はい」になるまで待ち、秒数を過ぎると失敗する。
# ask A と answer A は A を調べ、ANSWER に yes、no、unknown を入れる (answer は「判断できない」なら手順を終える)。ask は WHY に理由、
# REMEDY に対処方法も入れる。
# 使っている関数と変数の定義:
#   lib/engine/journal.sh          STATE
#   lib/engine/log.sh              to_log
#   lib/engine/nodes.sh            node_is not_in_group
#   lib/engine/question.sh         ANSWER REMEDY WHY answer either give_up insist opposite when_no when_yes why
#   lib/engine/root.sh             as_root_on
#   lib/engine/screen.sh           note
#   lib/engine/ssh.sh              on
#   lib/engine/wait.sh             wait_until
#   lib/site.sh                    TIMEOUT_REBOOT
#   lib/systems/ceph.sh            ceph_in_full_quorum
#   lib/systems/cloud.sh           carries_routers routers_survive_without services_up_beside services_up_on
#   lib/systems/haproxy.sh         haproxy_reaches keep_served
#   lib/systems/leave_cluster.sh   another_was_taken_out leave_and_reboot was_taken_out
#   lib/systems/pacemaker.sh       all_cluster_resources_started cluster_can_reboot cluster_node_online
#                                  galera_synced_on_all no_action_has_failed rabbit_healthy_on_all
#   lib/systems/reboot.sh          LEFT_CLUSTER another_is_away await_reboot before_reboot is_rebooting
#                                  may_lose_connection needs_no_reboot nobody_is_rebooting reboot_is_due
#                                  reboot_would_help runs_newest_software
#   lib/systems/service_record.sh  SERVICE_RECORD drop_record no_service_record record_services services_are_back
section 2.07 'コントローラーノードとコンポーザブルノードの再起動' '2.06' "$@"

# 2.07/2  ノードの再起動と起動待ち
#   変更、サービス影響あり; コントローラーとコンポーザブルノードごと
#   変更対象: 対象ノードの再起動、対象ノードのクラスター参加、ファイル /var/lib/osp-runbook/<change>/left-cluster
#   ガイド: sudo reboot

# A node that an earlier run began to reboot is only waited for: its gates were passed then.
reboot_node_requires() { either is_rebooting "$1" -- node_may_go_down "$1"; }
reboot_node_satisfied() { needs_no_reboot "$1"; }
reboot_node_apply() {
  local node=$1
  # only where an earlier run was cut between the stop of the cluster and the reboot
  when_yes was_left_out_of_cluster "$node" -- start_cluster_again "$node"
  # departs: 起動後に復帰すべきサービスが分かるよう、稼働中のサービスを先にノード上へ記録する
  when_no is_rebooting "$node" -- record_what_runs "$node"
  # records the present boot id and the reason; a node that still answers in this boot is not rebooting yet, so it is sent below
  before_reboot "$node"
  when_no is_rebooting "$node" -- start_reboot "$node"
  await_reboot "$node"
}
reboot_node_verify() { runs_newest_software "$1"; }

# The other nodes must carry what this one carries, and what the reboot before stopped must run again.
node_may_go_down() {
  reboot_is_due "$1" && reboot_would_help "$1" && nobody_is_rebooting &&
    cluster_can_spare "$1" && monitors_are_in_quorum "$1" && services_up_beside "$1" && routers_can_spare "$1"
}
# Where this change has stopped the node's cluster already, start_cluster_again asks for the cluster, once the node is back in it.
cluster_can_spare() { either was_taken_out "$1" -- cluster_can_reboot "$1"; }
monitors_are_in_quorum() { either not_in_group "$1" ceph_mons -- ceph_in_full_quorum; }
routers_can_spare() { either opposite carries_routers "$1" -- routers_survive_without "$1"; }

was_left_out_of_cluster() { opposite is_rebooting "$1" && was_taken_out "$1"; }

# The gates that were skipped while the node was out of its cluster are asked once it is back.
start_cluster_again() {
  local node=$1
  note "an earlier run stopped the cluster on $node, but the node did not reboot: the cluster is started again first"
  on "$node" sudo pcs cluster start
  await_rejoin "$node"
  as_root_on "$node" drop_record "$LEFT_CLUSTER"
  insist node_may_go_down "$node"
}

# Its running services and its routers, on the node; and the services that HAProxy reaches there, on the undercloud.
record_what_runs() {
  local node=$1
  as_root_on "$node" record_services "$SERVICE_RECORD"
  keep_served "$node"
}

start_reboot() {
  local node=$1
  if node_is "$node" pacemaker; then
    # departs: クラスターのノードは、ガイドの後の版と同様に先に pcs cluster stop でクラスターを停止する。
    #   再起動だけでは RabbitMQ の停止が間に合わず、フェンシングされることがある
    # one command on the node: it stops the cluster (within 30 minutes) and reboots only if that went well; if not, it starts
    # the cluster again. LEFT_CLUSTER is its record there.
    may_lose_connection as_root_on "$node" leave_and_reboot "$LEFT_CLUSTER" timeout --kill-after=60 1800 pcs cluster stop
  else
    may_lose_connection on "$node" sudo reboot
  fi
}

# 2.07/4a  クラスターへの復帰の確認
#   変更、影響小; コントローラーとコンポーザブルノードごと
#   変更対象: 対象ノードのクラスター参加
#   ガイド: sudo pcs status
rejoin_cluster_requires() { opposite is_rebooting "$1"; }
rejoin_cluster_satisfied() { either not_in_group "$1" pacemaker -- nothing_to_wait_for "$1"; }
rejoin_cluster_apply() {
  local node=$1
  await_rejoin "$node"
  # departs: 表示は記録用で、判定には crm_mon の XML、clustercheck、rabbitmqctl を使う
  on "$node" sudo pcs status 2>&1 | to_log
}
rejoin_cluster_verify() { cluster_has_back "$1"; }

# (why: the reason that is shown with its yes)
cluster_has_back() {
  cluster_node_online "$1" && all_cluster_resources_started && galera_synced_on_all && rabbit_healthy_on_all && why "$1 has rejoined the cluster"
}

# What will not come is not waited for.
await_rejoin() {
  wait_until "$TIMEOUT_REBOOT" "$1 to rejoin the cluster" either will_not_rejoin "$1" -- cluster_has_back "$1"
  answer will_not_rejoin "$1"
  if [[ $ANSWER == yes ]]; then give_up "$WHY; $REMEDY"; fi
}
# It is Online, and so what is on the list of failed actions is not of its life before the reboot: it does not go by itself.
will_not_rejoin() { cluster_node_online "$1" && opposite no_action_has_failed; }

# While another node that this change has rebooted is on its way, the cluster cannot be whole: this one is looked at after it.
nothing_to_wait_for() { either another_is_away "$1" -- cluster_has_back_all_but_ours "$1"; }
# Another node that this change has taken out is brought back when its turn comes.
cluster_has_back_all_but_ours() { either cluster_has_back "$1" -- another_was_taken_out "$1"; }

# 2.07/4b  ノードのサービスの復帰の確認
#   変更、影響小; コントローラーとコンポーザブルノードごと
#   変更対象: 再起動前に動作していたサービス
#   ガイド: sudo systemctl status
resume_services_requires() { opposite is_rebooting "$1"; }
resume_services_satisfied() { opposite is_rebooting "$1" && no_service_record "$1"; }
resume_services_apply() {
  local node=$1
  wait_until "$TIMEOUT_REBOOT" "the services of $node to run" node_serves_again "$node"
  # departs: 個々のサービスは確認できないため、再起動前に動いていたユニットと比較する
  on "$node" sudo systemctl list-units --type=service --state=failed --no-pager 2>&1 | to_log
  as_root_on "$node" drop_record "$SERVICE_RECORD"
  # what HAProxy had of this node before the reboot: record_what_runs has kept it
  rm --force -- "$STATE/served-$node"
}
resume_services_verify() { no_service_record "$1" && services_up_on "$1"; }

node_serves_again() { services_are_back "$1" && services_up_on "$1" && monitors_are_in_quorum "$1" && haproxy_reaches "$1"; }

# 手順の一覧。列: 番号、NAME、種別、影響、設定を切り替える区間 (opens 開始、body 途中、closes 終了)、NAME_verify の期限 (秒)、タイトル。
# each GROUP から end_each までは、グループのノードごとに順に実行する。
steps <<'STEPS'
each composable
  2.07/2   reboot_node              change   disruptive  -                  120   ノードの再起動と起動待ち
  2.07/4a  rejoin_cluster           change   low         -                  60    クラスターへの復帰の確認
  2.07/4b  resume_services          change   low         -                  60    ノードのサービスの復帰の確認
end_each
STEPS
run_steps
