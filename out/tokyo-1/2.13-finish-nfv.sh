#!/usr/bin/env bash
#
# 2.13  NFV 環境の更新の最終処理 / Finish the update of an NFV site
# ガイド: 2.13
# サイト tokyo-1、変更 CHG0042137。osp-compile が生成。このファイルではなく spec を変更してください。
#
#   ./2.13-finish-nfv.sh --dry-run    実行する内容を表示する。何も変更しない
#   ./2.13-finish-nfv.sh              実行する。何度実行してもよい
#
# OVS-DPDK ポートを持つインスタンスは、旧 Open vSwitch がサーバー側となる dpdkvhostuser で接続されています。Open
# vSwitch 2.9 の動くコンピュートへ移すことで dpdkvhostuserclient に変わります。

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
. lib/systems/instances.sh
. lib/systems/nfv.sh
. lib/systems/reboot.sh

# 各手順の進み方:
#   NAME_satisfied  「はい」なら実施済みとして飛ばす。「判断できない」ならセクションをそこで止める
#   NAME_requires   「はい」でなければ理由を示し、セクションをそこで止める (終了コード 3)
#   NAME_apply      ガイドのコマンド。set -e で実行する
#   NAME_verify     「はい」になるか期限 (末尾の一覧にある秒数) が過ぎるまで確認する
#   NAME_shown      実行前に作業者に見せる内容
#   NAME_check      合格、警告、失敗のいずれかを示し、何も変更しない
# 終了コードは 0 が「はい」、1 が「いいえ」、2 が「判断できない」。either A -- B は「A または B」、opposite A は「A でない」。
# when_yes A -- COMMAND は A が「はい」のときだけ実行する。insist A は「はい」でなければ、失敗としてセクションを止める
# (終了コード 1)。
# wait_until 秒 説明 A は A が「はい」になるまで待ち、秒数を過ぎると失敗する。
# attempt COMMAND は、終了コードで判断できないコマンドを実行する。結果は後で確認する。
# ask A と answer A は A を調べ、ANSWER に yes、no、unknown を入れる (answer は「判断できない」なら手順を終える)。ask は WHY に理由、
# REMEDY に対処方法も入れる。
# 使っている関数と変数の定義:
#   lib/engine/check.sh       fail pass_or_fail warn
#   lib/engine/log.sh         to_log
#   lib/engine/pasting.sh     shown_remedy
#   lib/engine/question.sh    ANSWER ask attempt either give_up when_no when_yes
#   lib/engine/rc.sh          with_overcloudrc
#   lib/engine/stop.sh        quoted
#   lib/engine/wait.sh        wait_until
#   lib/site.sh               TIMEOUT_MIGRATE_PER_INSTANCE
#   lib/systems/instances.sh  await_instance instance_awaits_confirmation instance_may_migrate_cold instance_status_is
#   lib/systems/nfv.sh        all_vhost_ports dpdk_hosts_are_ready give_up_on_old_ports has_client_ports
#                             instances_with_old_ports is_bound_to_old_port migrations_to_confirm
#                             no_migration_to_confirm no_old_ports record_migration shut_off_and_unplugged
#                             tell_of_old_ports
section 2.13 'NFV 環境の更新の最終処理' '2.09' "$@"

# 2.13/4a  OVS-DPDK インスタンスのコールドマイグレーション
#   変更、サービス影響あり; アンダークラウド
#   変更対象: OVS-DPDK インスタンス
#   ガイド: openstack server create --flavor DPDK_FLAVOR --nic net-id=DPDK_NET_ID--image SNAPSHOT_NAME INSTANCE_NAME
migrate_dpdk_instances_requires() { dpdk_hosts_are_ready; }
migrate_dpdk_instances_satisfied() { no_migration_to_confirm && no_old_ports; }
# all that have such a port, which may be more than the spec lists
migrate_dpdk_instances_shown() { tell_of_old_ports; }
migrate_dpdk_instances_apply() {
  local ids id
  with_overcloudrc openstack server list --all-projects --limit -1 2>&1 | to_log
  # first what an earlier run has migrated and not confirmed
  ids=$(migrations_to_confirm)
  for id in $ids; do confirm_migration "$id"; done
  ids=$(instances_with_old_ports)
  # one that nova cannot migrate now holds up none of the others
  for id in $ids; do when_yes instance_may_migrate_cold "$id" -- migrate_cold "$id"; done
  # forgets what is confirmed, was reverted or never began, and names what keeps its old port, which ends the step
  give_up_on_old_ports
}
migrate_dpdk_instances_verify() { no_migration_to_confirm && no_old_ports; }

migrate_cold() {
  local id=$1
  # by this record a later run knows which migrations are to be confirmed
  record_migration "$id"
  # departs: ガイドの手順 2〜4 に代えてコールドマイグレーションを行う。インスタンス、プロジェクト、ポート、キーを
  #   保ったままポートを作り直せる。--wait は終了しないため使わない
  attempt with_overcloudrc openstack server migrate "$id"
  # a client that got no answer may have begun it all the same; what nova has refused is as it was, and the next one has its turn
  when_no is_active_or_off "$id" -- confirm_once_arrived "$id"
}

confirm_once_arrived() {
  await_instance "$TIMEOUT_MIGRATE_PER_INSTANCE" "$1 to arrive elsewhere" "$1" instance_awaits_confirmation "$1"
  confirm_migration "$1"
}

# A migration is confirmed only once Open vSwitch shows the new type of port; until then it can be reverted.
confirm_migration() {
  local id=$1
  if ! wait_until 60 "the port of $id to be seen" has_client_ports "$id"; then
    give_up "$id did not get the new port and is not confirmed; to revert: $(shown_remedy "rc: openstack server resize --revert $(quoted "$id")")"
  fi
  with_overcloudrc openstack server resize --confirm "$id"
  wait_until "$TIMEOUT_MIGRATE_PER_INSTANCE" "$id to be confirmed" is_active_or_off "$id"
}

# An instance that was shut off before its migration is shut off after it.
is_active_or_off() { either instance_status_is "$1" ACTIVE -- instance_status_is "$1" SHUTOFF; }

# 2.13/5  ポート種別の確認
#   確認; 各ノード
port_types_check() {
  local ports
  if ! ports=$(all_vhost_ports); then
    fail 'an OVS-DPDK compute does not show its ports' 'on dpdk: sudo ovs-vsctl list Interface'
    return
  fi
  pass_or_fail 'no instance has a dpdkvhostuser port' 'run this section again' no_old_ports
  if ! grep --quiet dpdkvhostuserclient <<<"$ports"; then
    warn 'no instance has a dpdkvhostuserclient port' 'correct if no instance uses OVS-DPDK ;; on dpdk: sudo ovs-vsctl list Interface'
  fi
  look_at_unplugged
}

# An instance that is shut off may have no port in Open vSwitch: neutron says of which type it would get one.
look_at_unplugged() {
  local ids id
  if ! ids=$(shut_off_and_unplugged); then
    fail 'cannot list the instances that are shut off' 'rc: openstack server list --status SHUTOFF --all-projects --limit -1'
    return
  fi
  for id in $ids; do
    ask is_bound_to_old_port "$id"
    case $ANSWER in
      yes) warn "$id is shut off, and would start with a dpdkvhostuser port" "rc: nova migrate --poll $(quoted "$id") && nova resize-confirm $(quoted "$id")" ;;
      unknown) fail "cannot tell which ports $id would start with" "look at each port with openstack port show ;; rc: nova interface-list $(quoted "$id")" ;;
    esac
  done
}

# 手順の一覧。列: 番号、NAME、種別、影響、設定を切り替える区間 (opens 開始、body 途中、closes 終了)、NAME_verify の期限 (秒)、タイトル。
steps <<'STEPS'
2.13/4a  migrate_dpdk_instances     change   disruptive  -                  60    OVS-DPDK インスタンスのコールドマイグレーション
2.13/5   port_types                 check    low         -                  60    ポート種別の確認
STEPS
run_steps
