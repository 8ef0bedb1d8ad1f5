#!/usr/bin/env bash
#
# 2.06  オーバークラウドのパッケージの更新 / Update the overcloud's packages
# ガイド: 2.6
# サイト tokyo-1、変更 CHG0042137。osp-compile が生成。このファイルではなく spec を変更してください。
#
#   ./2.06-update-overcloud.sh --dry-run    実行する内容を表示する。何も変更しない
#   ./2.06-update-overcloud.sh              実行する。何度実行してもよい
#
# プランをアップロードし、heat が全ノードのパッケージを更新します。ノードはブレークポイントで止まり、クラスターが
# 正常な間だけ 1 台ずつ進みます。コントローラーはそこで全パッケージが更新されますが、他のノードは Open vSwitch と
# puppet モジュールだけです。残りは後で puppet が全コンピュート同時、全 Ceph ノード同時に更新します。この
# セクションではノードは再起動しません。ブレークポイントではノード前後のフックは呼ばれないため、監視の抑止などは
# 再起動のセクションが終わるまで別途行ってください。hooks.before_update は各ノードが進む前に呼ばれます。
set -euo pipefail
cd -- "$(dirname -- "$(readlink --canonicalize -- "${BASH_SOURCE[0]}")")"
# nothing of the library runs before it is proved to be what was compiled
if ! sums=$(sha256sum --check --quiet --strict SHA256SUMS 2>&1); then
  printf '%s: refused: bundle files were modified: %s\n  remedy: compile it again, and have it reviewed again\n' \
    "${BASH_SOURCE[0]##*/}" "${sums//[[:cntrl:]]/ }" >&2
  exit 3
fi
# shellcheck source=lib/runbook.sh
. lib/runbook.sh
. lib/systems/backup.sh
. lib/systems/breakpoints.sh
. lib/systems/heat.sh
. lib/systems/hiera.sh
. lib/systems/offers.sh
. lib/systems/pacemaker.sh
. lib/systems/plan.sh
. lib/systems/reboot.sh
. lib/systems/stack_update.sh
section 2.06 'オーバークラウドのパッケージの更新' '2.01 2.02 2.03 2.04' "$@"

# 2.06/1  プランの更新
#   変更、サービス影響あり; アンダークラウド
#   変更対象: プラン overcloud、ファイル overcloudrc、ファイル overcloudrc.v3、ファイル tempest-deployer-input.conf、ファイル /var/lib/osp-runbook/<change>/plan、ファイル /var/lib/osp-runbook/<change>/plan-first
#   ガイド: openstack overcloud deploy --update-plan-only

# In their order; what comes later wins. The one for the group hugetlbfs follows that of OVS-DPDK, and ours of section 2.03 is last.
DEPLOY_ENV_FILES=(
  /usr/share/openstack-tripleo-heat-templates/environments/network-isolation.yaml
  /home/stack/templates/network-environment.yaml
  /home/stack/templates/storage-environment.yaml
  /home/stack/templates/rhel-registration/environment-rhel-registration.yaml
  /usr/share/openstack-tripleo-heat-templates/environments/neutron-ovs-dpdk.yaml
  /usr/share/openstack-tripleo-heat-templates/environments/ovs-dpdk-permissions.yaml
  /home/stack/templates/tokyo-1.yaml
  /home/stack/templates/osp-runbook/nfv-environment.yaml
)
update_plan_requires() {
  files_are_there "${DEPLOY_ENV_FILES[@]+"${DEPLOY_ENV_FILES[@]}"}" ${ROLES_FILE:+"$ROLES_FILE"} && answers_are_meant &&
    role_counts_kept "${DEPLOY_ENV_FILES[@]+"${DEPLOY_ENV_FILES[@]}"}" && backups_are_fresh && heat_is_idle &&
    either stack_is_complete -- update_of_ours_failed && no_node_is_deploying
}
# While the update runs and after it the plan has served its purpose: a file that is edited then is no reason to upload it again.
update_plan_satisfied() {
  either plan_is_of "${DEPLOY_ENV_FILES[@]+"${DEPLOY_ENV_FILES[@]}"}" -- either running_update_has_its_plan -- update_has_ended
}
update_plan_shown() { tell_of_counts "${DEPLOY_ENV_FILES[@]+"${DEPLOY_ENV_FILES[@]}"}"; }
update_plan_apply() {
  local now
  journal_counts "${DEPLOY_ENV_FILES[@]+"${DEPLOY_ENV_FILES[@]}"}"
  now=$(date +%s)
  # departs: コマンドが上書きする現在のプランと rc ファイルを先に保存する
  save_plan_before
  # a plan that is brought back after a failure is not the one of an earlier upload
  forget_record plan
  on_failure tell_of_plan "$now" -- with_stackrc openstack overcloud deploy --update-plan-only \
    --templates /usr/share/openstack-tripleo-heat-templates \
    -r /home/stack/templates/roles_data.yaml \
    -e /usr/share/openstack-tripleo-heat-templates/environments/network-isolation.yaml \
    -e /home/stack/templates/network-environment.yaml \
    -e /home/stack/templates/storage-environment.yaml \
    -e /home/stack/templates/rhel-registration/environment-rhel-registration.yaml \
    -e /usr/share/openstack-tripleo-heat-templates/environments/neutron-ovs-dpdk.yaml \
    -e /usr/share/openstack-tripleo-heat-templates/environments/ovs-dpdk-permissions.yaml \
    -e /home/stack/templates/tokyo-1.yaml \
    -e /home/stack/templates/osp-runbook/nfv-environment.yaml \
    --ntp-server 192.0.2.1
  keep_plan_record "$now" "${DEPLOY_ENV_FILES[@]+"${DEPLOY_ENV_FILES[@]}"}"
  save_plan after
  show_plan_difference
}
update_plan_verify() { plan_is_of "${DEPLOY_ENV_FILES[@]+"${DEPLOY_ENV_FILES[@]}"}"; }

backups_are_fresh() { unless_forced backup_is_fresh undercloud && unless_forced backup_is_fresh control_plane; }

# 2.06/2  ブレークポイントごとのノード更新
#   対話、サービス影響あり; アンダークラウド
#   変更対象: スタック overcloud、パッケージ *、クラスタープロパティー osp-runbook-<change>-stonith-enabled、ファイル /var/lib/osp-runbook/<change>/offers-before
#   ガイド: Enter, or a node's name, at the prompt
#   ガイド: openstack overcloud update stack -i overcloud

# An update of ours that runs already goes on, however old the backups have become meanwhile. Whoever attaches to it may find a node in the
# middle of its packages, and so out of its cluster: that is no reason to stay away, and no other node goes on before the cluster is whole.
update_stack_requires() { update_plan_satisfied && either running_update_is_ours -- update_may_begin; }
update_may_begin() { unless_forced no_finished_update && backups_are_fresh && update_may_begin_or_go_on && cluster_is_whole; }
update_stack_satisfied() { update_is_done; }
update_stack_attend() {
  if [[ $BREAKPOINTS == operator && ! -t 0 ]]; then
    hand_over 'choosing the next node at a breakpoint needs a terminal: run this section in one, inside tmux or screen'
  fi
  claim cluster-property stonith-enabled
  answer update_runs_between_breakpoints
  if [[ $ANSWER == yes ]]; then
    wait_until 43200 'the running update to reach a breakpoint or its end' opposite update_runs_between_breakpoints
    answer stack_is_complete
    if [[ $ANSWER == yes ]]; then return; fi
    answer no_update_runs
    if [[ $ANSWER == yes ]]; then tell_of_end; fi
  fi
  # one that ended just now is not begun anew without its gates
  answer no_update_runs
  if [[ $ANSWER == yes ]]; then
    insist update_may_begin
    keep_offers offers-before list_nodes_offers
  fi
  when_no offers_are_kept -- keep_offers offers-before list_nodes_offers
  note 'Ctrl-C leaves the update running; the same command attaches to it again'
  # departs: クラスターが正常な間だけ選べるメニューから、エスケープした完全なノード名を 1 つだけ送る
  # departs: クライアントは無期限に待つため 12 時間で区切る。更新自体は続く
  with_stackrc converse timeout --foreground 43200 openstack overcloud update stack -i "$STACK"
}
update_stack_verify() { update_is_done; }

# offers_are_kept: by a run that began this change's update; one that somebody began by hand is joined without.
offers_are_kept() {
  find_record offers-before || return 2
  [[ -n $SAID ]]
}

# Before its first breakpoint, between two, or after the last: a client that came just as heat ends would begin another update.
update_runs_between_breakpoints() { opposite no_update_runs && no_breakpoint_waits; }

# 2.06/5  フェンシングの再有効化
#   変更、サービス影響あり; コントローラー 1 台
#   変更対象: クラスタープロパティー stonith-enabled、クラスタープロパティー osp-runbook-<change>-stonith-enabled
#   ガイド: sudo pcs property set stonith-enabled=true
enable_fencing_requires() { no_update_runs && fencing_may_be_set; }
enable_fencing_satisfied() { fencing_as_wanted && no_claims cluster-property; }
enable_fencing_apply() {
  local controller
  controller=$(one_of pacemaker)
  # departs: spec で有効、または更新前に有効だった場合だけ実行する。フェンスデバイスがないとリソースが
  #   起動しないため、その場合は実行しない
  when_no fencing_as_wanted -- on "$controller" sudo pcs property set stonith-enabled=true
  when_yes claimed cluster-property stonith-enabled -- release_claim cluster-property stonith-enabled
}
enable_fencing_verify() { fencing_as_wanted && no_claims cluster-property; }

fencing_may_be_set() { either fencing_as_wanted -- cluster_has_fence_device; }

# The spec wants it on.
fencing_as_wanted() { fencing_enabled; }

# 2.06/6  再起動が必要なノードの一覧
#   確認; 各ノード
#   ガイド: /var/log/yum.log

# Only now: the packages of computes and Ceph nodes come in the last part of the update, long after their breakpoints.
reboot_list_check() {
  local node due
  ask update_is_done
  if [[ $ANSWER != yes ]]; then fail "the update is not done: $WHY" "${REMEDY:-./$SCRIPT --step 2.06/2}"; fi
  warn_besides
  # departs: 該当行はログに残す。このログはローテートされるため、稼働中と導入済みのカーネルや Open vSwitch の
  #   違いで判断する
  gather all reboot_list_of
  while IFS= read -r node; do
    if [[ $(gathered_status "$node") != 0 ]]; then
      fail "$node: cannot tell whether it needs a reboot" "ssh $node, and read /var/log/yum.log"
      continue
    fi
    due=$(gathered "$node" | sed --quiet 's/^due //p')
    gathered "$node" | sed "s/^/$node  /" | to_log
    if [[ -n $due ]]; then pass "$node needs a reboot: $due"; else pass "$node needs no reboot"; fi
  done < <(nodes_in all)
}

reboot_list_of() {
  as_root_on "$1" packages_for_reboot || return 2
  reasons_to_reboot "$1" || return 2
  printf 'due %s\n' "$DUE"
}

# Run by root on the node. No such line is no news: the log is rotated, and what counts is what runs.
packages_for_reboot() {
  if [[ -e /var/log/yum.log ]]; then awk '/(Updated|Installed): ([0-9]+:)?(kernel|openvswitch)-/' /var/log/yum.log; fi
}

steps <<'STEPS'
2.06/1   update_plan                change   disruptive  -                  60    プランの更新
2.06/2   update_stack               attended disruptive  -                  600   ブレークポイントごとのノード更新
2.06/5   enable_fencing             change   disruptive  -                  60    フェンシングの再有効化
2.06/6   reboot_list                check    low         -                  60    再起動が必要なノードの一覧
STEPS
run_steps
