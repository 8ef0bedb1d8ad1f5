#!/usr/bin/env bash
#
# 2.01  アンダークラウドのバックアップ / Back up the undercloud
# ガイド: 2.1
# サイト tokyo-1、変更 CHG0042137。osp-compile が生成。このファイルではなく spec を変更してください。
#
#   ./2.01-back-up-undercloud.sh --dry-run    実行する内容を表示する。何も変更しない
#   ./2.01-back-up-undercloud.sh              実行する。何度実行してもよい
#
# 全データベースのダンプと、設定・ログ・イメージ・ホームディレクトリーのアーカイブを root 専用の新しい
# ディレクトリーに作成し、チェックサムとともに安全な場所へコピーします。期限を過ぎたバックアップは残したまま、
# 新しいものを別に作成します。

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

# 各手順の進み方:
#   NAME_satisfied  「はい」なら実施済みとして飛ばす。「判断できない」ならセクションをそこで止める
#   NAME_requires   「はい」でなければ理由を示し、セクションをそこで止める (終了コード 3)
#   NAME_apply      ガイドのコマンド。set -e で実行する
#   NAME_verify     「はい」になるか期限 (末尾の一覧にある秒数) が過ぎるまで確認する
# 終了コードは 0 が「はい」、1 が「いいえ」、2 が「判断できない」。either A -- B は「A または B」、opposite A は「A でない」。
# when_yes A -- COMMAND は A が「はい」のときだけ実行する。insist A は「はい」でなければ、失敗としてセクションを止める
# (終了コード 1)。
# 使っている関数と変数の定義:
#   lib/engine/question.sh    SAID either in_time patiently
#   lib/engine/root.sh        as_root hear_root
#   lib/engine/words.sh       numbers
#   lib/site.sh               BACKUP_DIR UNDERCLOUD_HOME
#   lib/systems/backup.sh     archive_must_be_whole backup_dir_has_room backup_dir_is_private backup_is_fresh
#                             backup_is_young backup_keeps backup_set begin_backup keep_piece may_end_with measure
#                             stamp_of
#   lib/systems/copy.sh       backup_is_copied copy_backup copy_has_room copy_is_elsewhere
#   lib/systems/databases.sh  dump_must_be_whole mysql_answers_on_undercloud undercloud_has_no_mongodb with_root_login
#   lib/systems/hiera.sh      hiera_value
section 2.01 'アンダークラウドのバックアップ' '' "$@"

# 2.01/0  空き容量の確認とバックアップディレクトリーの用意
#   変更、影響小; アンダークラウド
#   変更対象: backup.directory のディレクトリー
open_undercloud_backup_requires() { backup_dir_is_private && undercloud_backup_has_room; }
open_undercloud_backup_satisfied() { backup_is_young undercloud; }
open_undercloud_backup_apply() { begin_backup undercloud; }
open_undercloud_backup_verify() { backup_is_young undercloud; }

# The databases are counted twice: as a dump, and as that dump in the archive.
undercloud_backup_has_room() {
  local sources databases
  sources=$(patiently as_root measure "$BACKUP_DIR" /etc /var/log /var/lib/glance /var/lib/certmonger /var/lib/docker /var/lib/registry \
    /srv/node /root "$UNDERCLOUD_HOME") || return 2
  patiently hear_root measure "$BACKUP_DIR" /var/lib/mysql /var/lib/mongodb || return 2
  databases=$SAID
  numbers sources databases || return 2
  backup_dir_has_room $((sources + 2 * databases))
}

# 2.01/2  アンダークラウドのデータベースのダンプ
#   変更、影響小; アンダークラウド
#   変更対象: ファイル undercloud-all-databases.sql、ファイル /root/.osp-runbook.cnf
#   ガイド: mysqldump --opt --all-databases > /root/undercloud-all-databases.sql
dump_undercloud_databases_requires() { backup_is_young undercloud && mysql_answers_on_undercloud; }
dump_undercloud_databases_satisfied() { backup_keeps undercloud undercloud-all-databases.sql; }
dump_undercloud_databases_apply() {
  local set
  set=$(backup_set undercloud)
  # departs: 失敗したダンプは途中で切れるため、仮の名前で書き、完了行を確かめてから名前を変更する。イベントも
  #   含める
  as_root with_root_login mysqldump --opt --all-databases --events --result-file="$set/undercloud-all-databases.sql.part"
  as_root dump_must_be_whole "$set/undercloud-all-databases.sql.part"
  keep_piece "$set" undercloud-all-databases.sql
}
dump_undercloud_databases_verify() { backup_keeps undercloud undercloud-all-databases.sql; }

# 2.01/2b  アンダークラウドの MongoDB のダンプ
#   変更、影響小; アンダークラウド
#   変更対象: ファイル undercloud-mongodb.tar
#   ガイド: mysqldump --opt --all-databases
dump_undercloud_mongodb_requires() { backup_is_young undercloud; }
dump_undercloud_mongodb_satisfied() { either undercloud_has_no_mongodb -- backup_keeps undercloud undercloud-mongodb-STAMP.tar; }
dump_undercloud_mongodb_apply() {
  local set stamp
  set=$(backup_set undercloud)
  stamp=$(stamp_of "$set")
  # departs: ガイドは zaqar の MongoDB に触れていないが、動いていればダンプする
  as_root dump_mongodb_here "$set" "$set/undercloud-mongodb-$stamp.tar.part"
  keep_piece "$set" "undercloud-mongodb-$stamp.tar"
}
dump_undercloud_mongodb_verify() { backup_keeps undercloud undercloud-mongodb-STAMP.tar; }

# Run by root. A single server has no oplog to go with its dump.
dump_mongodb_here() {
  local set=$1 archive=$2 address
  address=$(hiera_value mongodb::server::bind_ip 2>/dev/null) || address=127.0.0.1
  rm --recursive --force -- "$set/mongodb.part"
  mongodump --host "$address" --out "$set/mongodb.part"
  tar --create --file "$archive" --directory "$set" --transform 's/^mongodb.part/mongodb/' mongodb.part
  archive_must_be_whole "$archive"
  rm --recursive -- "$set/mongodb.part"
}

# 2.01/3  ダンプと各ファイルのアーカイブ
#   変更、影響小; アンダークラウド
#   変更対象: ファイル undercloud-backup.tar
#   ガイド: tar --xattrs --ignore-failed-read -cf undercloud-backup-`date +%F`.tar
archive_undercloud_requires() { backup_keeps undercloud undercloud-all-databases.sql && undercloud_archive_has_room; }
archive_undercloud_satisfied() { backup_keeps undercloud undercloud-backup-STAMP.tar; }
archive_undercloud_apply() {
  local set archive
  set=$(backup_set undercloud)
  archive=undercloud-backup-$(stamp_of "$set").tar
  # departs: バックアップ先に作成し、自身と /root の古いダンプは除外する。SELinux ラベルと全属性を保存し、
  #   ファイル名の日時は一度だけ取得する。書き込み中のログ (終了コード 1) は失敗としない
  may_end_with 1 in_time sudo tar --anchored --no-wildcards --exclude="$BACKUP_DIR" --exclude=/root/undercloud-all-databases.sql \
    --transform='s|^undercloud-all-databases.sql$|root/undercloud-all-databases.sql|' \
    --acls --xattrs --xattrs-include='*' --selinux --ignore-failed-read -cf "$set/$archive.part" \
    --directory "$set" undercloud-all-databases.sql \
    /etc \
    /var/log \
    /var/lib/glance \
    /var/lib/certmonger \
    /var/lib/docker \
    /var/lib/registry \
    /srv/node \
    /root \
    "$UNDERCLOUD_HOME"
  as_root archive_must_hold_dump "$set/$archive.part"
  keep_piece "$set" "$archive"
}
archive_undercloud_verify() { archive_undercloud_satisfied; }

undercloud_archive_has_room() {
  local set sources dump
  set=$(backup_set undercloud) || return 2
  sources=$(patiently as_root measure "$BACKUP_DIR" /etc /var/log /var/lib/glance /var/lib/certmonger /var/lib/docker /var/lib/registry \
    /srv/node /root "$UNDERCLOUD_HOME") || return 2
  patiently hear_root measure - "$set/undercloud-all-databases.sql" || return 2
  dump=$SAID
  numbers sources dump || return 2
  backup_dir_has_room $((sources + dump))
}

# Run by root: readable to its end, and the dump in it is whole.
archive_must_hold_dump() {
  local last
  archive_must_be_whole "$1" || return
  last=$(tar --extract --to-stdout --file "$1" root/undercloud-all-databases.sql | tail --lines=1)
  if [[ $last != '-- Dump completed'* ]]; then
    printf 'the dump in %s is truncated\n' "$1" >&2
    return 1
  fi
}

# 2.01/4  安全な場所へのコピー
#   変更、影響小; アンダークラウド
#   変更対象: backup.copy_to のディレクトリー
copy_undercloud_backup_requires() { backup_is_fresh undercloud && copy_is_elsewhere && copy_has_room undercloud; }
copy_undercloud_backup_satisfied() { backup_is_copied undercloud; }
copy_undercloud_backup_apply() { copy_backup undercloud; }
copy_undercloud_backup_verify() { backup_is_copied undercloud; }

# 手順の一覧。列: 番号、NAME、種別、影響、設定を切り替える区間 (opens 開始、body 途中、closes 終了)、NAME_verify の期限 (秒)、タイトル。
steps <<'STEPS'
2.01/0   open_undercloud_backup     change   low         -                  60    空き容量の確認とバックアップディレクトリーの用意
2.01/2   dump_undercloud_databases  change   low         -                  60    アンダークラウドのデータベースのダンプ
2.01/2b  dump_undercloud_mongodb    change   low         -                  60    アンダークラウドの MongoDB のダンプ
2.01/3   archive_undercloud         change   low         -                  60    ダンプと各ファイルのアーカイブ
2.01/4   copy_undercloud_backup     change   low         -                  60    安全な場所へのコピー
STEPS
run_steps
