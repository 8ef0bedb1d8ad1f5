#!/usr/bin/env bash
#
# 2.12  オーバークラウドの検証 / Validate the overcloud
# ガイド: 2.12
# サイト tokyo-1、変更 CHG0042137。osp-compile が生成。このファイルではなく spec を変更してください。
#
#   ./2.12-validate-overcloud.sh --dry-run    実行する内容を表示する。何も変更しない
#   ./2.12-validate-overcloud.sh              実行する。何度実行してもよい
#
# オーバークラウドの動作を全ノードで並行に確認します。ベアメタル、失敗したユニット、HAProxy、Galera、RabbitMQ、
# Pacemaker、ディスク空き容量、Ceph、時刻、neutron、nova、cinder のサービスを調べ、合格、警告、失敗を理由と
# 対処とともに示します。spec で免除した項目には理由を付けます。再起動後に時間のかかる項目は timeouts.settle を上限に
# 待ちます。変更は行いません。

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
. lib/systems/heat.sh
. lib/systems/hiera.sh
. lib/systems/hosts.sh
. lib/systems/offers.sh
. lib/systems/pacemaker.sh
. lib/systems/plan.sh
. lib/systems/services.sh
. lib/systems/stack_update.sh

# 各手順の進み方:
#   NAME_check      合格、警告、失敗のいずれかを示し、何も変更しない
# 終了コードは 0 が「はい」、1 が「いいえ」、2 が「判断できない」。either A -- B は「A または B」、opposite A は「A でない」。
# 使っている関数と変数の定義:
#   lib/engine/check.sh          fail last_words pass pass_or_fail warn
#   lib/engine/everywhere.sh     judge_nodes judge_soon pass_unless_found
#   lib/engine/log.sh            to_log
#   lib/engine/nodes.sh          count_of nodes_in
#   lib/engine/question.sh       SAID
#   lib/engine/rc.sh             hear_overcloud hear_undercloud parse with_overcloudrc with_stackrc
#   lib/engine/ssh.sh            on one_of
#   lib/engine/wait.sh           settle
#   lib/engine/words.sh          numbers
#   lib/runtime.sh               SCRATCH
#   lib/site.sh                  CEPH_MONITORS DISK_FAIL DISK_WARN STACK UNDERCLOUD_HOME
#   lib/systems/ceph.sh          ask_ceph ceph_all_osds_up ceph_all_pgs_clean ceph_in_full_quorum judge_ceph_checks
#                                tell_of_gone_osds
#   lib/systems/cloud.sh         agents_may_lack volumes_may_lack
#   lib/systems/haproxy.sh       judge_balancer
#   lib/systems/hosts.sh         SERVICE_UNITS judge_clock judge_disks judge_units list_disks list_failed_units
#                                read_clock
#   lib/systems/pacemaker.sh     judge_cluster judge_galera judge_rabbit judge_where_it_runs
#   lib/systems/services.sh      judge_agents judge_baremetal judge_compute_services judge_list judge_list_unless
#                                judge_volume_services list_servers rows_of_compute
#   lib/systems/stack_update.sh  no_finished_update
section 2.12 'オーバークラウドの検証' '' "$@"

# 2.12/1  アンダークラウドの認証情報の確認
#   確認; アンダークラウド
#   ガイド: source ~/stackrc
cloud_credentials_check() {
  pass_or_fail "$UNDERCLOUD_HOME/stackrc opens a session" "check that $UNDERCLOUD_HOME/stackrc belongs to this undercloud" undercloud_session
}

undercloud_session() {
  local expires
  # of the token its expiry alone: the rest is a secret
  # departs: 別のクラウドに対して実行しないよう、コマンドごとに読み込む。トークンの取得で有効性を確認する
  hear_undercloud openstack token issue -f value -c expires || return 2
  expires=$SAID
  [[ -n $expires ]]
}

# 2.12/2  ベアメタルノードの電源とメンテナンス状態の確認
#   確認; アンダークラウド
#   ガイド: openstack baremetal node list
baremetal_nodes_check() {
  local SERVERS wanted
  wanted=$(($(count_of all) - $(count_of deployed_server)))
  if ((wanted == 0)); then
    pass 'no node of the spec was deployed by this undercloud'
    return
  fi
  if ! SERVERS=$(list_servers servers); then
    fail "cannot list the undercloud's servers: $(last_words "$SCRATCH/list.err" 'an error')" 'stackrc: openstack server list'
    return
  fi
  # departs: インスタンスのない予備ノードは電源オフが正常なため、インスタンスのあるノードだけを判定する
  settle 'ironic to know the power state of every node' \
    judge_list judge_baremetal 'bare metal nodes' baremetal with_stackrc openstack baremetal node list -f json
  pass_unless_found "all $wanted nodes are powered on and out of maintenance"
}

# 2.12/3  全ノードの失敗したサービスの確認
#   確認; 各ノード
#   ガイド: for NODE in $(openstack server list -f value -c Networks | cut -d= -f2)
node_units_check() {
  # departs: ノードは spec から取り並行に確認する。応答しないノードは失敗、その他の失敗したユニットは警告とする
  judge_nodes all judge_units list_failed_units "${SERVICE_UNITS[@]}"
  pass_unless_found "no unit has failed on any of the $(count_of all) nodes"
}

# 2.12/4  HAProxy から全サービスへの接続確認
#   確認; コントローラー 1 台
#   ガイド: curl -s -u admin:<PASSWORD> "http://<IP ADDRESS>:1993/;csv"
haproxy_services_check() {
  # departs: 認証情報はノード上で読み、標準入力で curl に渡して表示しない。TLS の環境では https を使い、
  #   クラスター自身のアドレスのため証明書の名前は確認しない
  judge_balancer settle 'haproxy to reach every service'
  pass_unless_found 'every service behind haproxy is up'
}

# 2.12/5  データベースのレプリケーションの確認
#   確認; 各ノード
#   ガイド: for NODE in $(openstack server list --name controller -f value -c Networks | cut -d= -f2)
database_replication_check() {
  # departs: コントローラーは spec から取り、並行に確認する
  judge_where_it_runs mysql Galera settle_galera
}

settle_galera() {
  settle "galera to be synced on ${1//$'\n'/, }" judge_galera "$1"
  pass_unless_found "galera is synced on ${1//$'\n'/, }"
}

# 2.12/6  RabbitMQ クラスターの確認
#   確認; 各ノード
#   ガイド: for NODE in $(openstack server list --name controller -f value -c Networks | cut -d= -f2)
rabbit_cluster_check() {
  # departs: コントローラーは spec から取り、並行に確認する
  judge_where_it_runs rabbitmq RabbitMQ settle_rabbit
}

settle_rabbit() {
  settle "rabbitmq to be healthy and whole on ${1//$'\n'/, }" judge_rabbit "$1"
  pass_unless_found "rabbitmq is healthy and whole on ${1//$'\n'/, }"
}

# 2.12/7  Pacemaker リソースの確認
#   確認; コントローラー 1 台
#   ガイド: sudo pcs status
pacemaker_resources_check() {
  local controller
  settle 'the cluster to be healthy' judge_cluster
  pass_unless_found "all $(count_of pacemaker) cluster nodes are online, no resource is stopped, no action failed"
  # for the log, as the guide has it; the verdict above is taken from crm_mon, whose words do not change between versions
  if controller=$(one_of pacemaker); then
    # departs: 見出しがバージョンで異なるため crm_mon の XML で判定し、pcs status はログに残す
    on "$controller" sudo pcs status 2>&1 | to_log
  fi
}

# 2.12/8  全ノードのディスク空き容量の確認
#   確認; 各ノード
#   ガイド: sudo df -h --output=source,fstype,avail -x overlay -x tmpfs -x devtmpfs
node_disks_check() {
  # departs: 容量と inode の使用率も読み、spec のしきい値で判定する。ノードは spec から取り、並行に確認する
  judge_nodes all judge_disks list_disks
  pass_unless_found "on all $(count_of all) nodes every file system is less than $DISK_WARN % full"
}

# 2.12/9  Ceph クラスターの正常性の確認 (クォーラム、OSD、PG を除く)
#   確認; Ceph モニター
#   ガイド: sudo ceph -s
ceph_status_check() {
  # departs: JSON で項目ごとに読む。spec で許容した項目は理由を付けて合格とし、クォーラム、OSD、PG は別に確認する
  settle 'ceph to be healthy' judge_ceph_checks quorum osds pgs
  pass_unless_found 'ceph reports no problem, apart from quorum, OSDs and placement groups, which the next checks judge'
  ask_ceph -s 2>&1 | to_log
}

# 2.12/9a  Ceph モニターのクォーラムの確認
#   確認; Ceph モニター
ceph_quorum_check() {
  settle 'every Ceph monitor to be in the quorum' judge_soon ceph_in_full_quorum
  pass_unless_found "all $CEPH_MONITORS Ceph monitors are in the quorum"
}

# 2.12/9b  全 OSD の up の確認
#   確認; Ceph モニター
ceph_osds_check() {
  settle 'all OSDs to be up' judge_soon ceph_all_osds_up
  tell_of_gone_osds
  pass_unless_found 'every OSD is up'
}

# 2.12/9c  全 PG の active+clean の確認
#   確認; Ceph モニター
#   ガイド: sudo ceph -s
ceph_placement_check() {
  # departs: JSON で読み、全 PG が active+clean であることを数で確認する
  settle 'every placement group to be active+clean' judge_soon ceph_all_pgs_clean
  pass_unless_found 'every placement group is active+clean'
}

# 2.12/10  Ceph OSD の空き容量の確認
#   確認; Ceph モニター
#   ガイド: sudo ceph df
ceph_space_check() {
  local answer used
  # departs: JSON で読み、spec のしきい値で判定する。通常の表示はログに残す
  if ! answer=$(ask_ceph df --format json) || ! used=$(parse ceph used <<<"$answer") || ! numbers used; then
    fail 'cannot tell how full ceph is' 'on monitor: sudo ceph df'
    return
  fi
  ask_ceph df 2>&1 | to_log
  if ((used >= DISK_FAIL)); then
    fail "ceph is $used % full" 'add OSDs or delete data ;; on monitor: sudo ceph df'
  elif ((used >= DISK_WARN)); then
    warn "ceph is $used % full" 'on monitor: sudo ceph df'
  else
    pass "ceph is $used % full"
  fi
}

# 2.12/11  全ノードの時刻同期の確認
#   確認; 各ノード
#   ガイド: sudo ntpstat
node_clocks_check() {
  # departs: chronyd が動く環境では ntpstat で分からないため chronyd に確認する。ノードは spec から取り、並行に
  #   確認する
  settle 'the clock of every node to be synchronised' judge_nodes all judge_clock read_clock
  pass_unless_found "the clocks of all $(count_of all) nodes are synchronised"
}

# 2.12/12  オーバークラウドの認証情報の確認
#   確認; アンダークラウド
#   ガイド: source ~/overcloudrc
overcloud_credentials_check() {
  pass_or_fail "$UNDERCLOUD_HOME/${STACK}rc opens a session" "check that $UNDERCLOUD_HOME/${STACK}rc belongs to this overcloud" overcloud_session
}

overcloud_session() {
  local expires
  # departs: 別のクラウドに対して実行しないよう、コマンドごとに読み込む。トークンの取得で有効性を確認する
  hear_overcloud openstack token issue -f value -c expires || return 2
  expires=$SAID
  [[ -n $expires ]]
}

# 2.12/13  ネットワークエージェントの確認
#   確認; アンダークラウド
overcloud_network_agents_check() {
  settle 'every network agent to be alive' \
    judge_list_unless agents_may_lack judge_agents 'network agents' agents with_overcloudrc openstack network agent list -f json
  pass_unless_found 'every network agent is alive and UP'
}

# 2.12/14  Compute サービスの確認
#   確認; アンダークラウド
#   ガイド: openstack compute service list
overcloud_compute_services_check() {
  # departs: 無効化の理由も読むため --long を付ける。所有者が無効にしたコンピュートは警告とする
  settle 'every compute service to be up' \
    judge_list judge_all_compute_services 'compute services' services with_overcloudrc openstack compute service list --long -f json
  pass_unless_found 'every compute service is enabled and up'
}

# Each compute of the spec must be in the list: one that is missing is not reported as down.
judge_all_compute_services() {
  local rows node
  rows=$(cat)
  judge_compute_services <<<"$rows"
  while IFS= read -r node; do
    if [[ -z $(rows_of_compute "$node" <<<"$rows") ]]; then
      fail "$node: nova has no nova-compute of that name" "on $node: sudo systemctl status openstack-nova-compute"
    fi
  done < <(nodes_in computes)
}

# 2.12/15  ボリュームサービスの確認
#   確認; アンダークラウド
#   ガイド: openstack volume service list
overcloud_volume_services_check() {
  # departs: 無効化の理由も読むため --long を付ける
  settle 'every volume service to be up' \
    judge_list_unless volumes_may_lack judge_volume_services 'volume services' services with_overcloudrc openstack volume service list --long -f json
  pass_unless_found 'every volume service is enabled and up'
}

# 2.12/16  更新開始後に公開されたパッケージ
#   確認; 各ノード

# What was published since the update began does not undo it, but whoever signs must have seen it.
later_offers_check() {
  pass_or_fail 'every node has the packages that the update of this change had to install' "./runbook status" no_finished_update
}

# 手順の一覧。列: 番号、NAME、種別、影響、設定を切り替える区間 (opens 開始、body 途中、closes 終了)、NAME_verify の期限 (秒)、タイトル。
steps <<'STEPS'
2.12/1   cloud_credentials          check    low         -                  60    アンダークラウドの認証情報の確認
2.12/2   baremetal_nodes            check    low         -                  60    ベアメタルノードの電源とメンテナンス状態の確認
2.12/3   node_units                 check    low         -                  60    全ノードの失敗したサービスの確認
2.12/4   haproxy_services           check    low         -                  60    HAProxy から全サービスへの接続確認
2.12/5   database_replication       check    low         -                  60    データベースのレプリケーションの確認
2.12/6   rabbit_cluster             check    low         -                  60    RabbitMQ クラスターの確認
2.12/7   pacemaker_resources        check    low         -                  60    Pacemaker リソースの確認
2.12/8   node_disks                 check    low         -                  60    全ノードのディスク空き容量の確認
2.12/9   ceph_status                check    low         -                  60    Ceph クラスターの正常性の確認 (クォーラム、OSD、PG を除く)
2.12/9a  ceph_quorum                check    low         -                  60    Ceph モニターのクォーラムの確認
2.12/9b  ceph_osds                  check    low         -                  60    全 OSD の up の確認
2.12/9c  ceph_placement             check    low         -                  60    全 PG の active+clean の確認
2.12/10  ceph_space                 check    low         -                  60    Ceph OSD の空き容量の確認
2.12/11  node_clocks                check    low         -                  60    全ノードの時刻同期の確認
2.12/12  overcloud_credentials      check    low         -                  60    オーバークラウドの認証情報の確認
2.12/13  overcloud_network_agents   check    low         -                  60    ネットワークエージェントの確認
2.12/14  overcloud_compute_services check    low         -                  60    Compute サービスの確認
2.12/15  overcloud_volume_services  check    low         -                  60    ボリュームサービスの確認
2.12/16  later_offers               check    low         -                  60    更新開始後に公開されたパッケージ
STEPS
run_steps
