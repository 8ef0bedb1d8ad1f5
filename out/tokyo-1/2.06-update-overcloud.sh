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
# 正常な間だけ 1 台ずつ進みます。コントローラーはそこで全パッケージが更新されますが、ほかのノードは Open vSwitch と
# puppet モジュールだけです。残りは後で puppet がロールごとに (コンピュート、Ceph Storage など) 全ノードを一斉に
# 更新します。このセクションではノードは再起動しません。ブレークポイントではノード前後のフックは呼ばれないため、
# 監視の抑止などは再起動のセクションが終わるまで別途行ってください。hooks.before_update は各ノードが進む前に
# 呼ばれます。

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
. lib/systems/backup.sh
. lib/systems/breakpoints.sh
. lib/systems/haproxy.sh
. lib/systems/heat.sh
. lib/systems/hiera.sh
. lib/systems/offers.sh
. lib/systems/pacemaker.sh
. lib/systems/plan.sh
. lib/systems/plan_files.sh
. lib/systems/reboot.sh
. lib/systems/stack_update.sh

# 各手順の進み方:
#   NAME_satisfied  「はい」なら実施済みとして飛ばす。「判断できない」ならセクションをそこで止める
#   NAME_requires   「はい」でなければ理由を示し、セクションをそこで止める (終了コード 3)
#   NAME_apply      ガイドのコマンド。set -e で実行する (NAME_attend も同じで、作業者が応答する)
#   NAME_verify     「はい」になるか期限 (末尾の一覧にある秒数) が過ぎるまで確認する
#   NAME_shown      実行前に作業者に見せる内容
#   NAME_check      合格、警告、失敗のいずれかを示し、何も変更しない
# 終了コードは 0 が「はい」、1 が「いいえ」、2 が「判断できない」。either A -- B は「A または B」、opposite A は「A でない」。
# when_yes A -- COMMAND は A が「はい」のときだけ実行する。insist A は「はい」でなければ、失敗としてセクションを止める
# (終了コード 1)。
# unless_forced A は、A が「いいえ」でも --force-gate を指定すれば通し、ジャーナルに残す。
# claim は、この変更が切り替えた設定であることを先にサイトに記録する。
# wait_until 秒 説明 A は A が「はい」になるまで待ち、秒数を過ぎると失敗する。
# ask A と answer A は A を調べ、ANSWER に yes、no、unknown を入れる (answer は「判断できない」なら手順を終える)。ask は WHY に理由、
# REMEDY に対処方法も入れる。
# 使っている関数と変数の定義:
#   lib/engine/check.sh          fail pass warn_besides
#   lib/engine/claim.sh          claim claimed no_claims release_claim
#   lib/engine/gate.sh           unless_forced
#   lib/engine/gather.sh         gather gathered gathered_status
#   lib/engine/log.sh            to_log
#   lib/engine/nodes.sh          nodes_in
#   lib/engine/question.sh       ANSWER REMEDY SAID WHY answer ask either insist on_failure opposite when_no when_yes
#   lib/engine/rc.sh             with_stackrc
#   lib/engine/record.sh         find_record forget_record
#   lib/engine/root.sh           as_root_on
#   lib/engine/screen.sh         note
#   lib/engine/ssh.sh            on
#   lib/engine/step.sh           way_to_step
#   lib/engine/wait.sh           wait_until
#   lib/site.sh                  STACK
#   lib/systems/backup.sh        backup_is_fresh
#   lib/systems/breakpoints.sh   converse hand_over_without_terminal
#   lib/systems/heat.sh          heat_is_idle no_node_is_deploying stack_is_complete
#   lib/systems/offers.sh        keep_offers keep_patched_modules list_nodes_offers
#   lib/systems/pacemaker.sh     all_cluster_nodes_online cluster-property cluster_has_fence_device cluster_is_whole
#                                fencing_enabled speaker_of_cluster
#   lib/systems/plan.sh          files_of_deploy_are_there keep_plan_record plan_inputs plan_is_up_to_date
#                                role_counts_are_kept role_counts_are_told save_plan save_plan_before
#                                show_plan_difference tell_of_counts tell_of_plan
#   lib/systems/plan_files.sh    answers_file_names_spec_templates
#   lib/systems/reboot.sh        DUE reasons_to_reboot
#   lib/systems/stack_update.sh  no_breakpoint_waits no_finished_update no_update_runs running_update_has_its_plan
#                                running_update_is_ours stack_is_idle tell_of_end update_has_ended update_is_done
#                                update_of_ours_failed
section 2.06 'オーバークラウドのパッケージの更新' '2.01 2.02 2.03 2.04' "$@"

# 2.06/1  プランのアップロード
#   変更、サービス影響あり; アンダークラウド
#   変更対象: プラン overcloud、ファイル overcloudrc、ファイル overcloudrc.v3、ファイル tempest-deployer-input.conf、
#            ファイル /var/lib/osp-runbook/<change>/plan、ファイル /var/lib/osp-runbook/<change>/plan-first
#   ガイド: openstack overcloud deploy --update-plan-only
update_plan_requires() {
  files_of_deploy_are_there && answers_file_names_spec_templates && role_counts_are_kept && unless_forced role_counts_are_told &&
    backups_are_fresh && heat_is_idle && stack_is_complete_or_ours_failed && no_node_is_deploying
}
# Once the update runs, or has ended, the plan is not uploaded again, even if a file of it is edited then.
update_plan_satisfied() { either plan_is_up_to_date -- update_has_its_plan_or_why_not; }
update_plan_shown() { tell_of_counts; }
update_plan_apply() {
  local now inputs
  now=$(date +%s)
  inputs=$(plan_inputs)
  # departs: コマンドが上書きする現在のプランと rc ファイルを先に保存する
  save_plan_before
  # an earlier upload's record is dropped: if this upload fails and the plan is restored, it must not count as uploaded
  forget_record plan
  # where several files set a parameter the last one counts: the one for the group hugetlbfs comes after the one for
  # OVS-DPDK, and the one that section 2.03 has installed is last
  # if the upload fails, tell_of_plan says in which state the plan is and how it comes back, and ends the step
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
  keep_plan_record "$now" "$inputs"
  save_plan after
  show_plan_difference
}
update_plan_verify() { plan_is_up_to_date; }

backups_are_fresh() { unless_forced backup_is_fresh undercloud && unless_forced backup_is_fresh control_plane; }
stack_is_complete_or_ours_failed() { either stack_is_complete -- update_of_ours_failed; }
# (the plan is asked about once more: its reason is what helps)
update_has_its_plan_or_why_not() { either update_runs_on_its_plan_or_has_ended -- plan_is_up_to_date; }
update_runs_on_its_plan_or_has_ended() { either running_update_has_its_plan -- update_has_ended; }

# 2.06/2  ブレークポイントごとのノード更新
#   対話、サービス影響あり; アンダークラウド
#   変更対象: スタック overcloud、インストール済みの全パッケージ、クラスタープロパティー
#            osp-runbook-<change>-stonith-enabled、ファイル /var/lib/osp-runbook/<change>/offers-before、ファイル
#            /var/lib/osp-runbook/<change>/patched-files
#   ガイド: openstack overcloud update stack -i overcloud
#   ガイド: Enter, or a node's name, at the prompt
update_stack_requires() { update_plan_satisfied && update_may_go_on_or_begin; }
update_stack_satisfied() { update_is_done; }
update_stack_attend() {
  # the menu of nodes needs somebody at the terminal: without one the step ends here and waits for an operator
  hand_over_without_terminal
  # records what fencing was before the update, for step 2.06/5
  claim cluster-property stonith-enabled
  # if this change's update runs already, its next breakpoint or its end is awaited
  when_yes update_runs_between_breakpoints -- await_breakpoint_or_end
  # it has ended, here or while the question was on the screen: nothing is left to do, and the client would begin another update
  answer update_is_done
  if [[ $ANSWER == yes ]]; then return; fi
  # if none runs, the update that begins below has to pass its gates first
  when_yes no_update_runs -- make_ready_to_begin
  # an update that somebody began by hand has no list of what was on offer: it is kept now
  when_no offers_are_kept -- keep_offers offers-before list_nodes_offers
  note 'Ctrl-C leaves the update running; the same command attaches to it again'
  # converse starts the client, shows the menu and answers the client's prompts
  # departs: クラスターが正常な間だけ選べるメニューから、エスケープした完全なノード名を 1 つだけ送る
  # departs: heat は開始から 4 時間で更新を中止する (ブレークポイントの待機時間を含む)。無期限に待つクライアントは
  #   12 時間で停止する
  with_stackrc converse timeout --foreground 43200 openstack overcloud update stack -i "$STACK"
}
update_stack_verify() { update_is_done; }

# This change's update, if it runs already, continues however old the backups have become meanwhile. Whoever attaches to it may find a node in the
# middle of its packages, and so out of its cluster: that does not matter, since no other node is updated before the cluster is whole.
update_may_go_on_or_begin() { either running_update_is_ours -- update_may_begin; }
update_may_begin() { unless_forced no_finished_update && backups_are_fresh && stack_is_idle && cluster_is_whole; }

# Before its first breakpoint, between two, or after the last: a client that starts just as heat ends would begin another update.
update_runs_between_breakpoints() { opposite no_update_runs && no_breakpoint_waits; }

# If the update ends COMPLETE meanwhile, the step has nothing left to do; any other end is reported, and ends the step as failed.
await_breakpoint_or_end() {
  wait_until 43200 'the running update to reach a breakpoint or its end' opposite update_runs_between_breakpoints
  answer stack_is_complete
  if [[ $ANSWER == no ]]; then when_yes no_update_runs -- tell_of_end; fi
}

make_ready_to_begin() {
  insist update_may_begin
  keep_offers offers-before list_nodes_offers
  # departs: ノードの puppet モジュールに直接加えた変更は更新で上書きされるため、先にそのノードへ保存する
  keep_patched_modules
}

# The list of what was on offer is kept by the run that begins this change's update.
offers_are_kept() {
  find_record offers-before || return 2
  [[ -n $SAID ]]
}

# 2.06/5  フェンシングの再有効化
#   変更、サービス影響あり; コントローラー 1 台
#   変更対象: クラスタープロパティー stonith-enabled、クラスタープロパティー osp-runbook-<change>-stonith-enabled
#   ガイド: sudo pcs property set stonith-enabled=true

# A node that is not Online would be fenced at once.
enable_fencing_requires() { no_update_runs && all_cluster_nodes_online && fencing_may_be_set; }
enable_fencing_satisfied() { fencing_as_wanted && no_claims cluster-property; }
enable_fencing_apply() {
  local controller
  controller=$(speaker_of_cluster)
  # departs: spec で有効、または更新前に有効だった場合だけ実行する。フェンスデバイスがないとリソースが
  #   起動しないため、ない場合はここで止まる
  when_no fencing_as_wanted -- on "$controller" sudo pcs property set stonith-enabled=true
  when_yes claimed cluster-property stonith-enabled -- release_claim cluster-property stonith-enabled
}
enable_fencing_verify() { fencing_as_wanted && no_claims cluster-property; }

fencing_may_be_set() { either fencing_as_wanted -- cluster_has_fence_device; }

# The spec says fencing: true.
fencing_as_wanted() { fencing_enabled; }

# 2.06/6  再起動が必要なノードの一覧
#   確認; 各ノード
#   ガイド: /var/log/yum.log

# Only now: the packages of computes and Ceph nodes come in the last part of the update, long after their breakpoints.
reboot_list_check() {
  local node
  ask update_is_done
  if [[ $ANSWER != yes ]]; then fail "the update is not done: $WHY" "${REMEDY:-$(way_to_step update_stack)}"; fi
  # what that question has noted beside its answer
  warn_besides
  # departs: 該当行はログに残す。このログはローテートされるため、稼働中と導入済みのカーネルや Open vSwitch の
  #   違いで判断する
  gather all reboot_list_of
  while IFS= read -r node; do
    judge_reboot_of "$node"
  done < <(nodes_in all)
}

reboot_list_of() {
  as_root_on "$1" packages_for_reboot || return 2
  reasons_to_reboot "$1" || return 2
  printf 'due %s\n' "$DUE"
}

# What was gathered of the node goes to the log, and the verdict to the screen.
judge_reboot_of() {
  local node=$1 due
  if [[ $(gathered_status "$node") != 0 ]]; then
    fail "$node: cannot tell whether it needs a reboot" "on $node: sudo tail -n 50 /var/log/yum.log"
    return
  fi
  due=$(gathered "$node" | sed --quiet 's/^due //p')
  gathered "$node" | sed "s/^/$node  /" | to_log
  if [[ -n $due ]]; then pass "$node needs a reboot: $due"; else pass "$node needs no reboot"; fi
}

# Run by root on the node. No such line proves nothing: the log is rotated, and what runs counts.
packages_for_reboot() {
  if [[ -e /var/log/yum.log ]]; then awk '/(Updated|Installed): ([0-9]+:)?(kernel|openvswitch)-/' /var/log/yum.log; fi
}

# 手順の一覧。列: 番号、NAME、種別、影響、設定を切り替える区間 (opens 開始、body 途中、closes 終了)、NAME_verify の期限 (秒)、タイトル。
steps <<'STEPS'
2.06/1   update_plan                change   disruptive  -                  60    プランのアップロード
2.06/2   update_stack               attended disruptive  -                  600   ブレークポイントごとのノード更新
2.06/5   enable_fencing             change   disruptive  -                  60    フェンシングの再有効化
2.06/6   reboot_list                check    low         -                  60    再起動が必要なノードの一覧
STEPS
run_steps
