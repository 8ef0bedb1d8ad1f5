#!/usr/bin/env bash
#
# 2.03  NFV 環境のテンプレートの準備 / Prepare the templates of an NFV site
# ガイド: 2.3
# サイト tokyo-1、変更 CHG0042137。osp-compile が生成。このファイルではなく spec を変更してください。
#
#   ./2.03-prepare-nfv.sh --dry-run    実行する内容を表示する。何も変更しない
#   ./2.03-prepare-nfv.sh              実行する。何度実行してもよい
#
# サイトのテンプレートの隣に小さなファイルを 3 つ置きます。古い OVS-DPDK 回避策を取り除く post-install
# テンプレートと、2.06 で最後に渡す環境ファイルです。サイト自身のファイルは編集せず、このセクションでは
# オーバークラウドは変わりません。

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
. lib/systems/installed.sh
. lib/systems/plan.sh
. lib/systems/templates.sh

# 各手順の進み方:
#   NAME_satisfied  「はい」なら実施済みとして飛ばす
#   NAME_requires   「いいえ」か「不明」なら実行しない
#   NAME_apply      ガイドのコマンド。set -e で実行する
#   NAME_verify     「はい」になるか期限 (末尾の一覧にある秒数) が過ぎるまで確認する
#   NAME_check      合格、警告、失敗のいずれかを示し、何も変更しない
# 終了コードは 0 が「はい」、1 が「いいえ」、2 が「不明」。either A -- B は「A または B」、opposite A は「A でない」。
# when_yes A -- COMMAND は A が「はい」のときだけ実行する。insist A は「はい」でなければ手順を終える。
# claim は、この変更が切り替えた設定であることを先に環境側に記録する。
# ask A と answer A は A を調べ、ANSWER に yes、no、unknown を入れる (answer は「不明」なら手順を終える)。ask は WHY に理由、
# REMEDY に対処方法も入れる。
# 使っている関数と変数の定義:
#   lib/engine/check.sh       fail pass warn
#   lib/engine/gather.sh      gather gathered gathered_status
#   lib/engine/nodes.sh       count_of nodes_in
#   lib/engine/question.sh    ANSWER SAID ask
#   lib/engine/rc.sh          parsed
#   lib/engine/root.sh        as_root_on
#   lib/engine/step.sh        section_named
#   lib/engine/stop.sh        quoted
#   lib/runtime.sh            COPY
#   lib/site.sh               DEPLOY_TEMPLATES
#   lib/systems/installed.sh  RUNBOOK_TEMPLATES folder_is_ours install_file is_installed lacks_line
#   lib/systems/plan.sh       for_every_file_of_spec
#   lib/systems/templates.sh  owns_templates
section 2.03 'NFV 環境のテンプレートの準備' '' "$@"

# 2.03/1  post-install テンプレートの設置
#   変更、影響小; アンダークラウド
#   変更対象: ファイル templates/osp-runbook/nfv-post-install.yaml、ファイル
#            templates/osp-runbook/nfv-site-post-install.yaml
#   ガイド: add the sample to an existing post-install.yaml
install_post_install_requires() {
  no_post_install_elsewhere
}
install_post_install_satisfied() {
  is_installed nfv-post-install.yaml
}
install_post_install_apply() {
  # departs: サイトの post-install.yaml は編集しない。コンパイル時に読んだ内容をそのまま取り込む
  install_file nfv-post-install.yaml
}
install_post_install_verify() { install_post_install_satisfied; }

# Heat takes one template for NodeExtraConfigPost, and ours, which comes last, would displace the site's.
no_post_install_elsewhere() {
  for_every_file_of_spec names_no_post_install && folder_is_ours "$RUNBOOK_TEMPLATES"
}
names_no_post_install() {
  lacks_line "$1" '^[[:space:]]*OS::TripleO::NodeExtraConfigPost:' \
    'the site has its own post-install template, which the one of this bundle would replace' 'name it in the spec as nfv.post_install, and compile again'
}

# 2.03/2  vhost-user ディレクトリーの環境ファイルの設置
#   変更、影響小; アンダークラウド
#   変更対象: ファイル templates/osp-runbook/nfv-environment.yaml
#   ガイド: change NeutronVhostuserSocketDir in network-environment.yaml
install_environment_requires() { is_installed nfv-post-install.yaml; }
install_environment_satisfied() { is_installed nfv-environment.yaml; }
# departs: サイトのファイルを編集せず、最後に渡す専用のファイルで指定する
install_environment_apply() { install_file nfv-environment.yaml; }
install_environment_verify() { is_installed nfv-environment.yaml; }

# 2.03/3  qemu の hugetlbfs グループ設定の確認
#   確認; アンダークラウド
permissions_file_check() {
  local file=$DEPLOY_TEMPLATES/environments/ovs-dpdk-permissions.yaml
  ask owns_templates
  if [[ -e $file ]]; then
    if sets_group "$file"; then
      pass "$(section_named update-overcloud) passes $file, which sets VhostuserSocketGroup"
    elif [[ $ANSWER == no ]]; then
      fail "$file does not set VhostuserSocketGroup" 'sudo yum update openstack-tripleo-heat-templates'
    else
      fail "$file, in the site's own copy of the templates, does not set VhostuserSocketGroup" "$(how_to_write_permissions_file "$file")"
    fi
  elif [[ $ANSWER == no ]]; then
    warn "$file does not exist yet" "it comes with the update of $(section_named update-undercloud); $(section_named update-overcloud) does not start without it"
  else
    fail "$file does not exist, and no update brings it: $DEPLOY_TEMPLATES is the site's own copy of the templates" \
      "$(how_to_write_permissions_file "$file")"
  fi
}

sets_group() {
  parsed environments parameter VhostuserSocketGroup "$1" && [[ $SAID == set* ]]
}

# The package's file has these two lines and no other.
how_to_write_permissions_file() {
  printf '%s >%s' "printf 'parameter_defaults:\\n  VhostuserSocketGroup: hugetlbfs\\n'" "$(quoted "$1")"
}

# 2.03/4  Open vSwitch サービスファイルの旧回避策の確認
#   確認; 各ノード

# OVS 2.9 and qemu share the group hugetlbfs. On sites that patched the service files of 2.6 it would not be in that group.
old_workarounds_check() {
  local node found
  if [[ $(count_of dpdk) == 0 ]]; then
    warn 'the spec has no node with OVS-DPDK' 'give its role the capability dpdk'
  fi
  gather dpdk patched_lines
  while IFS= read -r node; do
    found=$(gathered "$node")
    if [[ $(gathered_status "$node") != 0 ]]; then
      fail "$node: cannot tell whether Open vSwitch's files were patched" "on $node: sudo systemctl cat ovs-vswitchd.service"
    elif [[ -n $found ]]; then
      warn "$node: patched by an older workaround: ${found//$'\n'/, }" "the post-install template of this section removes it when $(section_named update-overcloud) runs"
    else
      pass "$node: no workaround in Open vSwitch's files"
    fi
  done < <(nodes_in dpdk)
  judge_own_post_install
}

judge_own_post_install() {
  if grep --quiet --extended-regexp 'Group=qemu|umask 0002' -- "$COPY/files/nfv-site-post-install.yaml"; then
    fail "the site's own post-install.yaml puts the old workaround back" 'remove Group=qemu and umask 0002 from it, and compile again'
  fi
}

patched_lines() { as_root_on "$1" lines_of_old_workarounds; }

# Run by root on the node. The vendor's own update (LP#1764971, change_ovs_runtime_mode of tripleo-heat-templates) writes a UMask into
# the unit under /etc and leaves a mark beside it: that line is not an old workaround.
lines_of_old_workarounds() {
  local file own=/etc/systemd/system/ovs-vswitchd.service vendors=''
  if [[ -e /etc/systemd/system/apply-ovs-runtime-mode-workaround ]]; then vendors=$own; fi
  for file in /usr/lib/systemd/system/ovs-vswitchd.service "$own" "$own".d/*.conf \
    /usr/share/openvswitch/scripts/ovs-ctl; do
    if [[ -e $file ]]; then
      awk -v file="$file" -v vendors="$vendors" '/^UMask=0002/ && file == vendors { next }
        /^Group=qemu/ || /^UMask=0002/ || /umask 0002/ { print file ": " $0 }' "$file"
    fi
  done
}

# 手順の一覧。列: 番号、NAME、種別、影響、設定を切り替える区間 (opens 開始、body 途中、closes 終了)、NAME_verify の期限 (秒)、表題。
steps <<'STEPS'
2.03/1   install_post_install       change   low         -                  10    post-install テンプレートの設置
2.03/2   install_environment        change   low         -                  10    vhost-user ディレクトリーの環境ファイルの設置
2.03/3   permissions_file           check    low         -                  60    qemu の hugetlbfs グループ設定の確認
2.03/4   old_workarounds            check    low         -                  60    Open vSwitch サービスファイルの旧回避策の確認
STEPS
run_steps
