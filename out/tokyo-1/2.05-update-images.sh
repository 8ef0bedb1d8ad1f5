#!/usr/bin/env bash
#
# 2.05  アンダークラウドのイメージの更新 / Update the images on the undercloud
# ガイド: 2.5
# サイト tokyo-1、変更 CHG0042137。osp-compile が生成。このファイルではなく spec を変更してください。
#
#   ./2.05-update-images.sh --dry-run    実行する内容を表示する。何も変更しない
#   ./2.05-update-images.sh              実行する。何度実行してもよい
#
# パッケージの overcloud-full と ironic-python-agent を glance にアップロードし、全ベアメタルノードに設定します。
# カスタマイズ済みも含め、パッケージと異なるイメージは置き換えます。元のディレクトリーは別名で残り、glance の古い
# イメージも別名で残ります。

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
. lib/systems/heat.sh
. lib/systems/images.sh

# 各手順の進み方:
#   NAME_satisfied  「はい」なら実施済みとして飛ばす。「判断できない」ならセクションをそこで止める
#   NAME_requires   「はい」でなければ理由を示し、セクションをそこで止める (終了コード 3)
#   NAME_apply      ガイドのコマンド。set -e で実行する
#   NAME_verify     「はい」になるか期限 (末尾の一覧にある秒数) が過ぎるまで確認する
#   NAME_check      合格、警告、失敗のいずれかを示し、何も変更しない
# 終了コードは 0 が「はい」、1 が「いいえ」、2 が「判断できない」。either A -- B は「A または B」、opposite A は「A でない」。
# when_yes A -- COMMAND は A が「はい」のときだけ実行する。insist A は「はい」でなければ、失敗としてセクションを止める
# (終了コード 1)。
# ask A と answer A は A を調べ、ANSWER に yes、no、unknown を入れる (answer は「判断できない」なら手順を終える)。ask は WHY に理由、
# REMEDY に対処方法も入れる。
# 使っている関数と変数の定義:
#   lib/engine/check.sh     fail pass pass_or_fail
#   lib/engine/log.sh       to_log
#   lib/engine/pasting.sh   shown_remedy words_into
#   lib/engine/question.sh  ANSWER REMEDY WHY ask either give_up why
#   lib/engine/rc.sh        with_stackrc
#   lib/engine/step.sh      SCRIPT way_to_step
#   lib/engine/stop.sh      quoted
#   lib/engine/words.sh     numbers
#   lib/site.sh             CHANGE IMAGES_DIR UNDERCLOUD_HOME
#   lib/systems/heat.sh     no_node_is_deploying
#   lib/systems/images.sh   IMAGE_ARCHIVES images_are_current images_extracted no_old_images nodes_boot_current
#                           packaged_sums
section 2.05 'アンダークラウドのイメージの更新' '2.04' "$@"

# 2.05/1  パッケージのイメージと glance の比較
#   確認; アンダークラウド
#   ガイド: sudo grep "rhosp-director-images" /var/log/yum.log
compare_images_check() {
  # departs: このログはローテートされ、記載の有無ではアップロード済みか分からないため、パッケージのファイルを
  #   glance と比較する
  ask images_are_current
  case $ANSWER in
    yes) pass 'glance and /httpboot hold the packaged images: nothing to upload' ;;
    no) pass "new images to upload: $WHY" ;;
    unknown) fail "cannot compare the images: $WHY" "$REMEDY" ;;
  esac
}

# 2.05/2  現在のイメージファイルの退避
#   変更、影響小; アンダークラウド
#   変更対象: ディレクトリー images
#   ガイド: rm -rf ~/images/*
set_images_aside_requires() { images_folder_is_plain; }
set_images_aside_satisfied() { either images_are_current -- no_other_images; }
set_images_aside_apply() {
  local now
  now=$(date +%Y%m%d-%H%M%S)
  # departs: カスタマイズ済みイメージを失わないよう、削除せず変更番号と時刻を付けた名前に変更する
  mv --no-target-directory -- "$IMAGES_DIR" "$IMAGES_DIR.before-$CHANGE-$now"
  mkdir -- "$IMAGES_DIR"
}
set_images_aside_verify() { no_other_images; }

# no_other_images: the folder is empty, not there, or holds what the packages brought, cut short or not.
no_other_images() {
  local sums file found
  if [[ -L $IMAGES_DIR ]]; then
    why "$IMAGES_DIR is a symbolic link" 'undercloud.images_dir in the spec; or put the folder itself there'
    return 1
  fi
  why "$IMAGES_DIR holds no other image files"
  if [[ ! -e $IMAGES_DIR ]]; then return 0; fi
  found=$(find "$IMAGES_DIR" -mindepth 1 -maxdepth 1 -printf '%f\n') || return 2
  if [[ -z $found || -e $IMAGES_DIR/.extracting ]]; then return 0; fi
  sums=$(packaged_sums) || return 2
  while read -r file _; do
    if [[ ! -e $IMAGES_DIR/$file ]]; then
      why "$IMAGES_DIR holds files other than the packaged images"
      return 1
    fi
  done <<<"$sums"
  images_extracted
}

# A rename would break whatever points at the folder; a mount cannot be renamed.
images_folder_is_plain() {
  local mount parent
  why "the images folder is not an absolute path below the home directory: ${IMAGES_DIR:-empty}" 'undercloud.images_dir in the spec'
  [[ $IMAGES_DIR == /?*/?* && $IMAGES_DIR != "$UNDERCLOUD_HOME" ]] || return 1
  why "$IMAGES_DIR is a symbolic link, or not a folder" "ls -ld $IMAGES_DIR"
  [[ -d $IMAGES_DIR && ! -L $IMAGES_DIR ]] || return 1
  mount=$(stat --format %m -- "$IMAGES_DIR") || return 2
  why "$IMAGES_DIR is a mount point of its own" 'empty it by hand'
  [[ $mount != "$IMAGES_DIR" ]] || return 1
  parent=$(dirname -- "$IMAGES_DIR") || return 2
  why "$parent cannot be written" "ls -ld $parent"
  [[ -w $parent ]]
}

# 2.05/3  パッケージのイメージの展開
#   変更、影響小; アンダークラウド
#   変更対象: ディレクトリー images
extract_images_requires() { no_other_images && room_for_images; }
extract_images_satisfied() { either images_are_current -- images_extracted; }
extract_images_apply() {
  local i
  mkdir --parents -- "$IMAGES_DIR"
  : >"$IMAGES_DIR/.extracting"
  cd "$IMAGES_DIR"
  for i in /usr/share/rhosp-director-images/overcloud-full-latest-10.0.tar /usr/share/rhosp-director-images/ironic-python-agent-latest-10.0.tar; do
    tar -xvf "$i"
  done
  rm -- "$IMAGES_DIR/.extracting"
}
extract_images_verify() { images_extracted; }

# room_for_images: the archives are not compressed, so that they take their own size and a little.
room_for_images() {
  local need free folder
  need=$(stat --dereference --format %s -- "${IMAGE_ARCHIVES[@]}" | awk '{ sum += $1 } END { printf "%d", sum * 1.1 }') || return 2
  folder=$(dirname -- "$IMAGES_DIR") || return 2
  free=$(df --output=avail --block-size=1 -- "$folder" | tail --lines=1) || return 2
  free=${free//[[:blank:]]/}
  numbers need free || return 2
  why "$folder has $free bytes free, but the images need $need" "free some space ;; here: df -h $(quoted "$folder")"
  ((free > need))
}

# 2.05/4a  イメージのアップロード
#   変更、サービス影響あり; アンダークラウド
#   変更対象: イメージ overcloud-full、イメージ bm-deploy-kernel、イメージ bm-deploy-ramdisk、ファイル
#            /httpboot/agent.kernel
#   ガイド: openstack overcloud image upload --update-existing --image-path /home/stack/images/
upload_images_requires() { images_extracted && no_node_is_deploying; }
upload_images_satisfied() { images_are_current; }
upload_images_apply() {
  cd "$IMAGES_DIR"
  # departs: クライアントは --image-path によらず、glance の既存イメージを作業ディレクトリーの同名ファイルと
  #   比較し、ファイルがなければ失敗するため、イメージのディレクトリーで実行する
  with_stackrc openstack overcloud image upload --update-existing --image-path "$IMAGES_DIR/"
}
upload_images_verify() { images_are_current; }

# 2.05/4b  全ノードへの新イメージの設定
#   変更、影響小; アンダークラウド
#   変更対象: ベアメタルノード driver_info
#   ガイド: openstack overcloud node configure $(openstack baremetal node list -c UUID -f csv --quote none | sed "1d" | paste -s -d " ")
configure_nodes_requires() { images_are_current && no_node_is_deploying; }
configure_nodes_satisfied() { nodes_boot_current; }
configure_nodes_apply() {
  local nodes
  local -a uuids
  # departs: 同じ一覧を先に取得し、取得に失敗したら手順を止める
  nodes=$(with_stackrc openstack baremetal node list -c UUID -f csv --quote none | sed "1d")
  if [[ -z $nodes ]]; then give_up 'ironic lists no node; for an undercloud without bare metal nodes set images: skip in the spec'; fi
  read -r -d '' -a uuids <<<"$nodes" || :
  with_stackrc openstack overcloud node configure "${uuids[@]}"
}
configure_nodes_verify() { nodes_boot_current; }

# 2.05/5  現在のイメージの一覧
#   確認; アンダークラウド
list_images_check() {
  local ids
  { with_stackrc openstack image list && ls -l /httpboot; } 2>&1 | to_log
  pass_or_fail 'glance and /httpboot hold the packaged images' "./$SCRIPT" images_are_current
  pass_or_fail 'every bare metal node names them' "$(way_to_step configure_nodes)" nodes_boot_current
  ask no_old_images
  case $ANSWER in
    no)
      words_into ids "$(tr ' ' '\n' <<<"${WHY#old images: }")"
      pass "$WHY; they can be deleted once they are no longer needed: $(shown_remedy "stackrc: openstack image delete $ids")"
      ;;
    unknown) fail "cannot list the old images: $WHY" 'stackrc: openstack image list' ;;
  esac
}

# 手順の一覧。列: 番号、NAME、種別、影響、設定を切り替える区間 (opens 開始、body 途中、closes 終了)、NAME_verify の期限 (秒)、タイトル。
steps <<'STEPS'
2.05/1   compare_images             check    low         -                  60    パッケージのイメージと glance の比較
2.05/2   set_images_aside           change   low         -                  10    現在のイメージファイルの退避
2.05/3   extract_images             change   low         -                  30    パッケージのイメージの展開
2.05/4a  upload_images              change   disruptive  -                  60    イメージのアップロード
2.05/4b  configure_nodes            change   low         -                  60    全ノードへの新イメージの設定
2.05/5   list_images                check    low         -                  60    現在のイメージの一覧
STEPS
run_steps
