#!/usr/bin/env bash
#
# 2.10  全ノードのパッケージ確認 / Check the packages of every node
# ガイド: 2.10
# サイト tokyo-1、変更 CHG0042137。osp-compile が生成。このファイルではなく spec を変更してください。
#
#   ./2.10-check-packages.sh --dry-run    実行する内容を表示する。何も変更しない
#   ./2.10-check-packages.sh              実行する。何度実行してもよい
#
# アンダークラウドと全ノードで openvswitch (2.9 以上) と qemu 関連パッケージ (2.10 以上) のバージョンを確認し、
# 稼働中の Open vSwitch のバージョンも確認します。変更は行いません。

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
. lib/systems/cloud.sh
. lib/systems/hiera.sh
. lib/systems/offers.sh
. lib/systems/packages.sh

# 各手順の進み方:
#   NAME_check      合格、警告、失敗のいずれかを示し、何も変更しない
# 終了コードは 0 が「はい」、1 が「いいえ」、2 が「判断できない」。either A -- B は「A または B」、opposite A は「A でない」。
# ask A と answer A は A を調べ、ANSWER に yes、no、unknown を入れる (answer は「判断できない」なら手順を終える)。ask は WHY に理由、
# REMEDY に対処方法も入れる。
# 使っている関数と変数の定義:
#   lib/engine/check.sh       fail tell
#   lib/engine/everywhere.sh  judge_nodes judge_undercloud pass_unless_found
#   lib/engine/nodes.sh       count_of
#   lib/engine/question.sh    ANSWER ask
#   lib/systems/cloud.sh      does_without_openvswitch
#   lib/systems/offers.sh     PATCHED_FILES judge_replaced_modules list_replaced_files
#   lib/systems/packages.sh   CHANNEL_PACKAGES CHECKED_PACKAGES MINIMUM_OPENVSWITCH MINIMUM_QEMU ask_yum how_to_update
#                             judge_installed keep_versions package_is_due version_at_least
section 2.10 '全ノードのパッケージ確認' '' "$@"

# 2.10/2  導入済みパッケージの最小バージョン確認
#   確認; 各ノード
#   ガイド: sudo yum list qemu-img-rhev qemu-kvm-common-rhev qemu-kvm-rhev qemu-kvm-tools-rhev openvswitch
package_versions_check() {
  # departs: パッケージ名は同じで --quiet を付け、証跡に残すパッケージを加える。該当なしの終了コード 1 はロールに
  #   照らして判断する
  judge_undercloud judge_installed ask_yum list "${CHECKED_PACKAGES[@]}" "${CHANNEL_PACKAGES[@]}"
  judge_nodes all judge_installed ask_yum list "${CHECKED_PACKAGES[@]}" "${CHANNEL_PACKAGES[@]}"
  judge_nodes all judge_replaced_modules list_replaced_files "$PATCHED_FILES"
  keep_versions versions-after
  pass_unless_found "the undercloud and all $(count_of all) nodes have openvswitch $MINIMUM_OPENVSWITCH and qemu $MINIMUM_QEMU or later, where they need it"
}

# 2.10/3  稼働中の Open vSwitch の最小バージョン確認
#   確認; 各ノード
#   ガイド: sudo ovs-vsctl --version
running_openvswitch_check() {
  judge_undercloud judge_openvswitch openvswitch_versions
  judge_nodes all judge_openvswitch openvswitch_versions
  pass_unless_found "openvswitch $MINIMUM_OPENVSWITCH or later runs on the undercloud and on every node that has it"
}

# Run by root. The tool's version says what is installed; the daemon may still be an older one.
openvswitch_versions() {
  local installed
  # rpm ends with 1 for what is not installed, and for a database that it cannot read too
  installed=$(rpm --query openvswitch) || [[ $installed == *'is not installed'* ]]
  if [[ $installed == *'is not installed'* ]]; then return; fi
  ovs-vsctl --version
  # departs: これはツールのバージョンにすぎないため、再起動まで古いままのデーモンのバージョンも確認する
  printf 'running %s\n' "$(ovs-vsctl --timeout=10 get Open_vSwitch . ovs_version | tr --delete '"')"
}

judge_openvswitch() {
  local answer tool running
  answer=$(cat)
  tool=$(sed -n 's/^ovs-vsctl (Open vSwitch) //p' <<<"$answer")
  running=$(sed -n 's/^running //p' <<<"$answer")
  if [[ -z $answer ]]; then
    if package_is_due "$1" openvswitch; then fail "$1: openvswitch is not installed" "on $1: sudo yum install openvswitch"; fi
  elif ! version_at_least "$tool" "$MINIMUM_OPENVSWITCH"; then
    fail "$1: ovs-vsctl is ${tool:-of unknown version}, but at least $MINIMUM_OPENVSWITCH is needed" "$(how_to_update "$1" openvswitch)"
  elif [[ -z $running ]] && may_run_without_openvswitch "$1"; then
    tell "$1: openvswitch $tool is installed and does not run; no service of its roles uses it"
  elif ! version_at_least "$running" "$MINIMUM_OPENVSWITCH"; then
    fail "$1: openvswitch ${running:-of unknown version} runs, but $tool is installed" "reboot $1 by its section: 2.04, 2.07, 2.08 or 2.09"
  fi
}

may_run_without_openvswitch() {
  ask does_without_openvswitch "$1"
  # a check goes on after whatever it finds
  set +e
  [[ $ANSWER == yes ]]
}

# 手順の一覧。列: 番号、NAME、種別、影響、設定を切り替える区間 (opens 開始、body 途中、closes 終了)、NAME_verify の期限 (秒)、タイトル。
steps <<'STEPS'
2.10/2   package_versions           check    low         -                  60    導入済みパッケージの最小バージョン確認
2.10/3   running_openvswitch        check    low         -                  60    稼働中の Open vSwitch の最小バージョン確認
STEPS
run_steps
