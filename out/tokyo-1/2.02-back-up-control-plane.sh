#!/usr/bin/env bash
#
# 2.02  オーバークラウドのコントロールプレーンのバックアップ / Back up the overcloud's control plane
# ガイド: 2.2
# サイト tokyo-1、変更 CHG0042137。osp-compile が生成。このファイルではなく spec を変更してください。
#
#   ./2.02-back-up-control-plane.sh --dry-run    実行する内容を表示する。何も変更しない
#   ./2.02-back-up-control-plane.sh              実行する。何度実行してもよい
#
# データベースと権限、MongoDB、Redis、全コントローラーとクラスターのほかの全ノードのファイルシステムを
# アンダークラウドの新しいディレクトリーに集め、安全な場所へコピーします。コンピュート上のインスタンスと Ceph の
# データは、ガイドのとおり対象外です。

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
. lib/systems/copy.sh
. lib/systems/databases.sh
. lib/systems/hiera.sh
. lib/systems/hosts.sh
. lib/systems/pacemaker.sh
. lib/systems/redis.sh

# 各手順の進み方:
#   NAME_satisfied  「はい」なら実施済みとして飛ばす。「判断できない」ならセクションをそこで止める
#   NAME_requires   「はい」でなければ理由を示し、セクションをそこで止める (終了コード 3)
#   NAME_apply      ガイドのコマンド。set -e で実行する
#   NAME_verify     「はい」になるか期限 (末尾の一覧にある秒数) が過ぎるまで確認する
# 終了コードは 0 が「はい」、1 が「いいえ」、2 が「判断できない」。either A -- B は「A または B」、opposite A は「A でない」。
# when_yes A -- COMMAND は A が「はい」のときだけ実行する。insist A は「はい」でなければ、失敗としてセクションを止める
# (終了コード 1)。
# wait_until 秒 説明 A は A が「はい」になるまで待ち、秒数を過ぎると失敗する。
# 使っている関数と変数の定義:
#   lib/engine/nodes.sh       node_is nodes_in
#   lib/engine/question.sh    SAID either in_time patiently why
#   lib/engine/root.sh        as_root as_root_on hear_root_on
#   lib/engine/screen.sh      complain
#   lib/engine/ssh.sh         on
#   lib/engine/wait.sh        wait_until
#   lib/engine/words.sh       numbers
#   lib/site.sh               MONGODB
#   lib/systems/backup.sh     archive_must_be_whole backup_dir_has_room backup_dir_is_private backup_is_fresh
#                             backup_is_young backup_keeps backup_set begin_backup drop_pieces_left fetch_piece
#                             keep_piece make_private_folder may_end_with stamp_of
#   lib/systems/copy.sh       backup_is_copied copy_backup copy_has_room copy_is_elsewhere
#   lib/systems/databases.sh  bytes_of_mongodb control_plane_mysql_answers dump_must_be_whole mongodb_has_primary
#                             mongodb_node mongodb_primary site_has_no_mongodb synced_node with_mysql_login
#   lib/systems/hiera.sh      find_some_nodes_with
#   lib/systems/hosts.sh      free_bytes room_for
#   lib/systems/redis.sh      must_be_so must_say redis_answers redis_ask_here redis_has_saved redis_is_idle
#                             redis_master redis_on redis_setting redis_word site_has_no_redis
section 2.02 'オーバークラウドのコントロールプレーンのバックアップ' '' "$@"

# 2.02/0  空き容量の確認とバックアップディレクトリーの用意
#   変更、影響小; アンダークラウド
#   変更対象: backup.directory のディレクトリー
open_control_plane_backup_requires() { backup_dir_is_private && control_plane_backup_has_room; }
open_control_plane_backup_satisfied() { backup_is_young control_plane; }
open_control_plane_backup_apply() { begin_backup control_plane; }
open_control_plane_backup_verify() { backup_is_young control_plane; }

control_plane_backup_has_room() {
  local node bytes sum
  sum=$(bytes_of_databases) || return 2
  while IFS= read -r node; do
    bytes=$(measure_node "$node") || return 2
    numbers sum bytes || return 2
    sum=$((sum + bytes))
  done < <(nodes_in control_plane)
  backup_dir_has_room "$sum"
}

# Several nodes have them on their disks; they are dumped once.
bytes_of_databases() {
  local nodes node='' bytes sum
  find_some_nodes_with mysql || return 2
  nodes=$SAID
  patiently hear_root_on "${nodes%%$'\n'*}" measure - /var/lib/mysql || return 2
  sum=$SAID
  numbers sum || return 2
  if [[ $MONGODB != false ]]; then node=$(mongodb_node) || return 2; fi
  if [[ -n $node ]]; then
    bytes=$(bytes_of_mongodb "$node") || return 2
    numbers bytes || return 2
    sum=$((sum + bytes))
  fi
  printf '%s\n' "$sum"
}

# 2.02/1  OpenStack データベースのダンプ
#   変更、影響小; コントローラー 1 台
#   変更対象: ファイル openstack_databases.sql、ファイル /root/.osp-runbook.cnf
#   ガイド: ssh heat-admin@192.0.2.100
#   ガイド: mysql -uroot -p$MYSQLDBPASS
#   ガイド: | xargs mysqldump
#   ガイド: openstack_databases-`date +%F`-`date +%T`.sql
#   ガイド: --single-transaction
dump_databases_requires() { backup_is_young control_plane && control_plane_mysql_answers && dump_has_room; }
dump_databases_satisfied() { backup_keeps control_plane openstack_databases-STAMP.sql; }
dump_databases_apply() {
  local set node schemas file
  local -a databases=()
  set=$(backup_set control_plane)
  file=openstack_databases-$(stamp_of "$set").sql
  # departs: hiera に Galera があり、同期済みと応答した最初の 1 台を使う (内容は全台同じ)
  node=$(synced_node)
  as_root_on "$node" make_private_folder /var/tmp/mysql_backup
  # departs: パスワードは ps で見えるため、root だけが読める一時ファイルで渡し、後で消す
  hear_root_on "$node" with_mysql_login mysql -s -N -e "select distinct table_schema from information_schema.tables where engine='innodb' and table_schema != 'mysql';"
  schemas=$SAID
  # departs: 一覧が空だと xargs がデータベースなしで mysqldump を実行し、成功扱いになる
  must_be_there 'schemas of the engine innodb' "$schemas"
  mapfile -t databases <<<"$schemas"
  # departs: %T のコロンは scp がホスト名の区切りとみなすため使わず、日時は一度だけ取得する
  # departs: --routines と --events がないと、ストアドルーチンとイベントが失われる
  as_root_on "$node" with_mysql_login mysqldump --single-transaction --routines --events --result-file="/var/tmp/mysql_backup/$file" \
    --databases -- "${databases[@]}"
  as_root_on "$node" dump_must_hold "/var/tmp/mysql_backup/$file" "${#databases[@]}"
  fetch_piece "$node" "/var/tmp/mysql_backup/$file" "$set" "$file"
}
dump_databases_verify() { backup_keeps control_plane openstack_databases-STAMP.sql; }

# A dump is smaller than the files it is made from; one that fills the disk would take Galera down with it.
dump_has_room() {
  local node bytes free
  node=$(synced_node) || return
  patiently hear_root_on "$node" measure - /var/lib/mysql || return 2
  bytes=$SAID
  hear_root_on "$node" free_bytes /var/tmp || return 2
  free=$SAID
  room_for "/var/tmp on $node" "$free" "$bytes"
}

# Run by root: whole, and with every schema in it.
dump_must_hold() {
  local found
  dump_must_be_whole "$1"
  found=$(grep --count '^CREATE DATABASE ' -- "$1")
  if [[ $found != "$2" ]]; then
    printf '%s holds %d schemas, but there are %d\n' "$1" "$found" "$2" >&2
    return 1
  fi
}

# With an empty list mysqldump would be run without any database.
must_be_there() {
  if [[ -z $2 ]]; then
    complain "MariaDB lists no $1"
    exit 1
  fi
}

# 2.02/1f  データベースユーザーの権限のダンプ
#   変更、影響小; コントローラー 1 台
#   変更対象: ファイル openstack_databases_grants.sql、ファイル /root/.osp-runbook.cnf
#   ガイド: | xargs -n1 mysql -uroot -p$MYSQLDBPASS -s -N -e | sed 's/$/;/'
dump_grants_requires() { backup_is_young control_plane && control_plane_mysql_answers; }
dump_grants_satisfied() { backup_keeps control_plane openstack_databases_grants-STAMP.sql; }
dump_grants_apply() {
  local set node file queries
  set=$(backup_set control_plane)
  file=openstack_databases_grants-$(stamp_of "$set").sql
  node=$(synced_node)
  hear_root_on "$node" with_mysql_login mysql -s -N --raw -e "SELECT CONCAT('SHOW GRANTS FOR ',QUOTE(user),'@',QUOTE(host),';') FROM mysql.user where (length(user) > 0 and user NOT LIKE 'root')"
  queries=$SAID
  must_be_there 'users but root' "$queries"
  # departs: 失敗を見逃さないよう 1 回の接続で全件を問い合わせる。--raw はバックスラッシュをそのまま残す
  #   (二重になると、名前の引用符が途中で閉じ、続く文字列が実行される)
  hear_root_on "$node" with_mysql_login mysql -s -N --raw -e "$queries"
  printf '%s\n' "$SAID" | sed 's/$/;/' | in_time sudo tee -- "$set/$file.part" >/dev/null
  as_root grants_must_hold "$set/$file.part" "$(wc --lines <<<"$queries")"
  keep_piece "$set" "$file"
}
dump_grants_verify() { backup_keeps control_plane openstack_databases_grants-STAMP.sql; }

# Run by root: statements alone, and at least one for each user.
grants_must_hold() {
  awk -v users="$2" '/^GRANT .*;$/ { grants++; next }
    { others++ }
    END {
      if (grants >= users && !others) exit 0
      printf "%s holds %d grants and %d other lines, but there are %d users\n", FILENAME, grants, others, users >"/dev/stderr"
      exit 1
    }' "$1"
}

# 2.02/2  Telemetry の MongoDB のダンプ
#   変更、影響小; コントローラー 1 台
#   変更対象: ファイル mongo_backup.tar
#   ガイド: mongodump --oplog --host $MONGOIP
dump_mongodb_requires() { backup_is_young control_plane && mongodb_can_be_dumped && mongodb_dump_has_room; }
dump_mongodb_satisfied() { either site_has_no_mongodb -- backup_keeps control_plane mongo_backup-STAMP.tar; }
dump_mongodb_apply() {
  local set node primary stamp
  local -a options
  set=$(backup_set control_plane)
  stamp=$(stamp_of "$set")
  node=$(mongodb_node)
  # departs: bind_ip はログイン中のノードのアドレスなので、プライマリーはレプリカセットに問い合わせる
  primary=$(mongodb_primary "$node")
  as_root_on "$node" make_private_folder /var/tmp/mongo_backup
  on "$node" sudo rm --recursive --force -- "/var/tmp/mongo_backup/$stamp"
  options=(--oplog --host "$primary" --out "/var/tmp/mongo_backup/$stamp")
  if [[ $primary == \[* ]]; then options+=(--ipv6); fi
  on "$node" sudo mongodump "${options[@]}"
  as_root_on "$node" pack_mongodb "/var/tmp/mongo_backup/$stamp"
  on "$node" sudo rm --recursive -- "/var/tmp/mongo_backup/$stamp"
  fetch_piece "$node" "/var/tmp/mongo_backup/$stamp.tar" "$set" "mongo_backup-$stamp.tar"
}
dump_mongodb_verify() { backup_keeps control_plane mongo_backup-STAMP.tar; }

mongodb_can_be_dumped() {
  local node
  node=$(mongodb_node) || return 2
  why 'the spec says mongodb: true, but no node has it among its services' 'mongodb: auto or false in the spec'
  [[ -n $node ]] && mongodb_has_primary "$node"
}

# For a while the dump and the archive of it are there both. On a full disk the node's Galera goes down.
mongodb_dump_has_room() {
  local node bytes free
  node=$(mongodb_node) || return 2
  bytes=$(bytes_of_mongodb "$node") || return 2
  hear_root_on "$node" free_bytes /var/tmp || return 2
  free=$SAID
  numbers bytes || return 2
  room_for "/var/tmp on $node" "$free" $((2 * bytes))
}

# Run by root: the dump with its oplog, as one file.
pack_mongodb() {
  if [[ ! -e $1/oplog.bson ]]; then
    printf 'the dump has no oplog\n' >&2
    return 1
  fi
  tar --create --file "$1.tar" --directory "${1%/*}" "${1##*/}"
  archive_must_be_whole "$1.tar"
}

# 2.02/3  Redis の保存
#   変更、影響小; コントローラー 1 台
#   変更対象: ファイル redis.rdb、ファイル /var/lib/redis/dump.rdb
#   ガイド: redis-cli -a $REDISPASS -h $REDISIP ping
#   ガイド: redis-cli -a $REDISPASS -h $REDISIP bgsave
#   ガイド: /var/lib/redis/
dump_redis_requires() { backup_is_young control_plane && redis_can_be_dumped; }
dump_redis_satisfied() { either site_has_no_redis -- backup_keeps control_plane redis-STAMP.rdb; }
dump_redis_apply() {
  local set node before
  set=$(backup_set control_plane)
  node=$(redis_master)
  # departs: -a はパスワードが ps で見え、誤りでも終了コード 0 になるため、AUTH を標準入力で渡し応答を確かめる
  must_say PONG redis_on "$node" PING
  wait_until 3600 'the save that redis is already running' redis_is_idle "$node"
  before=$(redis_on "$node" LASTSAVE)
  must_say 'Background saving started' redis_on "$node" BGSAVE
  # departs: bgsave は開始だけなので、結果が ok で LASTSAVE が進むまで待つ
  wait_until 3600 'redis to finish its save' redis_is_idle "$node"
  must_be_so redis_has_saved "$node" "$before"
  as_root_on "$node" make_private_folder /var/tmp/redis_backup
  # departs: マスターから、その Redis が示すファイルを取得する。他ノードのものは古い
  as_root_on "$node" take_redis_dump "/var/tmp/redis_backup/dump.rdb"
  fetch_piece "$node" /var/tmp/redis_backup/dump.rdb "$set" "redis-$(stamp_of "$set").rdb"
}
dump_redis_verify() { backup_keeps control_plane redis-STAMP.rdb; }

redis_can_be_dumped() {
  local node
  node=$(redis_master) || return
  redis_answers "$node" && redis_dump_has_room "$node"
}

# A save lies beside the last one, and its copy in /var/tmp; neither is larger than what Redis has in memory. A full disk stops Galera.
redis_dump_has_room() {
  local bytes place
  hear_root_on "$1" redis_ask_here 'INFO memory' || return 2
  bytes=$(redis_word used_memory <<<"$SAID") || return 2
  numbers bytes || return 2
  hear_root_on "$1" redis_setting dir || return 2
  for place in "$SAID" /var/tmp; do
    hear_root_on "$1" free_bytes "$place" || return 2
    room_for "$place on $1" "$SAID" $((2 * bytes)) || return
  done
}

# Run by root on the master: a later save replaces the file, so it is copied before it is read twice.
take_redis_dump() {
  local folder file
  folder=$(redis_setting dir)
  file=$(redis_setting dbfilename)
  cp -- "$folder/$file" "$1"
  if [[ $(head --bytes=5 -- "$1") != REDIS ]]; then
    printf '%s is not a dump of redis\n' "$folder/$file" >&2
    return 1
  fi
}

# 2.02/4  コントロールプレーンのノードのファイルシステムのアーカイブ
#   変更、影響小; コントロールプレーンのノードごと
#   変更対象: ファイル filesystem.tar.gz
#   ガイド: /usr/libexec/os-apply-config
#   ガイド: tar --ignore-failed-read --xattrs -zcvf
archive_node_requires() { backup_is_young control_plane && node_has_room "$1"; }
archive_node_satisfied() { backup_keeps control_plane "$1-filesystem-STAMP.tar.gz"; }
archive_node_apply() {
  local node=$1 set archive
  set=$(backup_set control_plane)
  archive=$node-filesystem-$(stamp_of "$set").tar.gz
  as_root_on "$node" make_private_folder /var/tmp/filesystem_backup
  as_root_on "$node" drop_pieces_left
  # departs: ガイドの後の版と同様、yum の履歴、pcs config restore 用のクラスター設定、os-collect-config と
  #   os-refresh-config も含める
  save_beside "$node"
  # departs: 新しい tar の --exclude は後の引数にしか効かないため先頭に置く。SELinux ラベルと ACL も保存し、書き
  #   込み中のログ (終了コード 1) は失敗としない
  may_end_with 1 on "$node" sudo tar --exclude=/var/lib/nova/instances --ignore-failed-read --acls --xattrs --xattrs-include='*' --selinux \
    -zcf "/var/tmp/filesystem_backup/$archive" \
    /etc \
    /srv/node \
    /var/log \
    /var/lib/nova \
    /var/lib/glance \
    /var/lib/keystone \
    /var/lib/cinder \
    /var/lib/heat \
    /var/lib/heat-config \
    /var/lib/heat-cfntools \
    /var/lib/rabbitmq \
    /var/lib/neutron \
    /var/lib/haproxy \
    /var/lib/openvswitch \
    /var/lib/redis \
    /usr/libexec/os-apply-config \
    /usr/libexec/os-refresh-config \
    /var/lib/os-collect-config \
    /var/tmp/filesystem_backup/yum-history.txt \
    /var/tmp/filesystem_backup/pcs-config.tar.bz2 \
    /home/heat-admin
  archive_must_hold_both "$node" "/var/tmp/filesystem_backup/$archive"
  on "$node" sudo rm --force -- /var/tmp/filesystem_backup/yum-history.txt /var/tmp/filesystem_backup/pcs-config.tar.bz2
  fetch_piece "$node" "/var/tmp/filesystem_backup/$archive" "$set" "$archive"
}
archive_node_verify() { backup_keeps control_plane "$1-filesystem-STAMP.tar.gz"; }

save_beside() {
  local node=$1
  may_end_with 1 as_root_on "$node" save_yum_history /var/tmp/filesystem_backup/yum-history.txt
  if node_is "$node" pacemaker; then
    as_root_on "$node" save_cluster /var/tmp/filesystem_backup/pcs-config.tar.bz2
  fi
}

archive_must_hold_both() {
  local node=$1 archive=$2
  as_root_on "$node" archive_must_name "$archive" var/tmp/filesystem_backup/yum-history.txt
  if node_is "$node" pacemaker; then
    as_root_on "$node" archive_must_name "$archive" var/tmp/filesystem_backup/pcs-config.tar.bz2
  fi
}

node_has_room() {
  local bytes free
  bytes=$(measure_node "$1") || return 2
  hear_root_on "$1" free_bytes /var/tmp || return 2
  free=$SAID
  room_for "/var/tmp on $1" "$free" "$bytes"
}

measure_node() {
  patiently as_root_on "$1" measure /var/lib/nova/instances /etc /srv/node /var/log /var/lib/nova /var/lib/glance /var/lib/keystone \
    /var/lib/cinder /var/lib/heat /var/lib/heat-config /var/lib/heat-cfntools /var/lib/rabbitmq /var/lib/neutron /var/lib/haproxy \
    /var/lib/openvswitch /var/lib/redis /usr/libexec/os-apply-config /usr/libexec/os-refresh-config /var/lib/os-collect-config /home/heat-admin
}

# Run by root: what was installed, updated and removed, and when; it shows what an update has changed.
save_yum_history() { yum history list all >"$1"; }

# Run by root: what `pcs config restore` takes: the CIB and corosync's files. pcs does not overwrite a file.
save_cluster() {
  rm --force -- "$1"
  pcs config backup "$1"
}

# Run by root: the archive can be read to its end, and this is in it.
archive_must_name() {
  local found
  found=$(tar --list --gzip --file "$1" | awk -v name="$2" '$0 == name { found = 1 } END { print found + 0 }')
  if [[ $found != 1 ]]; then
    printf 'the archive %s has no %s\n' "$1" "$2" >&2
    return 1
  fi
}

# 2.02/5  コントロールプレーンのバックアップの安全な場所へのコピー
#   変更、影響小; アンダークラウド
#   変更対象: backup.copy_to のディレクトリー
copy_control_plane_backup_requires() { backup_is_fresh control_plane && copy_is_elsewhere && copy_has_room control_plane; }
copy_control_plane_backup_satisfied() { backup_is_copied control_plane; }
copy_control_plane_backup_apply() { copy_backup control_plane; }
copy_control_plane_backup_verify() { backup_is_copied control_plane; }

# 手順の一覧。列: 番号、NAME、種別、影響、設定を切り替える区間 (opens 開始、body 途中、closes 終了)、NAME_verify の期限 (秒)、タイトル。
# each GROUP から end_each までは、グループのノードごとに順に実行する。
steps <<'STEPS'
2.02/0   open_control_plane_backup  change   low         -                  60    空き容量の確認とバックアップディレクトリーの用意
2.02/1   dump_databases             change   low         -                  60    OpenStack データベースのダンプ
2.02/1f  dump_grants                change   low         -                  60    データベースユーザーの権限のダンプ
2.02/2   dump_mongodb               change   low         -                  60    Telemetry の MongoDB のダンプ
2.02/3   dump_redis                 change   low         -                  60    Redis の保存
each control_plane
  2.02/4   archive_node             change   low         -                  60    コントロールプレーンのノードのファイルシステムのアーカイブ
end_each
2.02/5   copy_control_plane_backup  change   low         -                  60    コントロールプレーンのバックアップの安全な場所へのコピー
STEPS
run_steps
