#!/usr/bin/env bash
#
# 2.04  アンダークラウドのパッケージの更新 / Update the undercloud's packages
# ガイド: 2.4
# サイト tokyo-1、変更 CHG0042137。osp-compile が生成。このファイルではなく spec を変更してください。
#
#   ./2.04-update-undercloud.sh --dry-run    実行する内容を表示する。何も変更しない
#   ./2.04-update-undercloud.sh              実行する。何度実行してもよい
#
# アンダークラウドの OpenStack サービスを停止し、クライアント、続いて全パッケージを更新し、停止したサービスの復帰を
# 確認して再起動します。オーバークラウドは稼働し続けます。再起動でセッションが切れるため、stack ユーザーで
# 再ログインして同じコマンドを実行してください。

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
. lib/systems/heat.sh
. lib/systems/hosts.sh
. lib/systems/offers.sh
. lib/systems/reboot.sh
. lib/systems/stopped_units.sh

# 各手順の進み方:
#   NAME_satisfied  「はい」なら実施済みとして飛ばす。「判断できない」ならセクションをそこで止める
#   NAME_requires   「はい」でなければ理由を示し、セクションをそこで止める (終了コード 3)
#   NAME_apply      ガイドのコマンド。set -e で実行する (NAME_attend も同じで、作業者が応答する)
#   NAME_verify     「はい」になるか期限 (末尾の一覧にある秒数) が過ぎるまで確認する
#   NAME_shown      実行前に作業者に見せる内容
#   NAME_rescue     途中で失敗したとき、切り替えた設定を元に戻す
#   NAME_check      合格、警告、失敗のいずれかを示し、何も変更しない
# 終了コードは 0 が「はい」、1 が「いいえ」、2 が「判断できない」。either A -- B は「A または B」、opposite A は「A でない」。
# when_yes A -- COMMAND は A が「はい」のときだけ実行する。insist A は「はい」でなければ、失敗としてセクションを止める
# (終了コード 1)。
# unless_forced A は、A が「いいえ」でも --force-gate を指定すれば通し、ジャーナルに残す。
# claim は、この変更が切り替えた設定であることを先にサイトに記録する。
# wait_until 秒 説明 A は A が「はい」になるまで待ち、秒数を過ぎると失敗する。
# 使っている関数と変数の定義:
#   lib/engine/apply.sh           hand_over
#   lib/engine/check.sh           fail pass pass_or_fail
#   lib/engine/claim.sh           claim claimed no_claims release_claim
#   lib/engine/gate.sh            unless_forced
#   lib/engine/journal.sh         STATE
#   lib/engine/question.sh        SAID WHY either in_time when_no why
#   lib/engine/record.sh          find_record forget_record keep_record
#   lib/engine/root.sh            as_root
#   lib/engine/screen.sh          complain note
#   lib/engine/step.sh            SCRIPT way_to_step
#   lib/engine/wait.sh            wait_until watched
#   lib/engine/words.sh           numbers
#   lib/runtime.sh                SCRATCH
#   lib/site.sh                   STACK UNDERCLOUD_USER
#   lib/systems/backup.sh         backup_is_fresh
#   lib/systems/heat.sh           heat_is_idle no_node_is_deploying undercloud_lists_stack
#   lib/systems/hosts.sh          failed_units no_process_like
#   lib/systems/offers.sh         judge_patched_files keep_offers keep_patched_files list_undercloud_offers
#                                 show_patched_files undercloud_updated
#   lib/systems/reboot.sh         DUE REBOOT_FACT REBOOT_RECORD common_reason facts_of_reboot may_lose_connection
#                                 reasons_to_reboot record_reboot
#   lib/systems/stopped_units.sh  claimed_units_active claimed_units_stopped start_claimed_units units
section 2.04 'アンダークラウドのパッケージの更新' '2.01' "$@"

# 2.04/2  アンダークラウドの OpenStack サービスの停止
#   変更、サービス影響あり; アンダークラウド
#   変更対象: サービス openstack-*、サービス neutron-*、サービス httpd
#   ガイド: sudo systemctl stop 'openstack-*' 'neutron-*' httpd

# If our list is there an earlier run was cut short: its gates were passed then, and heat cannot be asked once it is stopped.
stop_services_requires() { either claimed units undercloud -- undercloud_may_stop; }
stop_services_shown() { show_patched_files; }
stop_services_satisfied() { claimed units undercloud && claimed_units_stopped undercloud; }
stop_services_apply() {
  # departs: 起動し直せるよう、稼働中のサービスの一覧を先に root のファイルへ記録する
  claim units undercloud 'openstack-*' 'neutron-*' httpd.service
  in_time sudo systemctl stop 'openstack-*' 'neutron-*' httpd
}
stop_services_verify() { claimed_units_stopped undercloud; }

undercloud_may_stop() {
  unless_forced backup_is_fresh undercloud && no_process_like 'openstack undercloud upgrade' && nothing_is_deployed
}

nothing_is_deployed() { unless_half_upgraded heat_is_idle && unless_half_upgraded no_node_is_deploying; }

# unless_half_upgraded QUESTION: if our upgrade was interrupted, heat or ironic may not answer until it is completed.
unless_half_upgraded() {
  local status=0
  "$1"
  status=$?
  if ((status < 2)); then return "$status"; fi
  half_upgraded || return 2
  why 'an undercloud upgrade started by this change was interrupted, and heat or ironic has not answered since'
}

# 2.04/3  python-tripleoclient の更新
#   変更、影響小; アンダークラウド
#   変更対象: パッケージ python-tripleoclient、ファイル /var/lib/osp-runbook/<change>/patched-files、ファイル
#            /var/lib/osp-runbook/<change>/offers-undercloud
#   ガイド: sudo yum update -y python-tripleoclient
update_client_requires() { claimed units undercloud && no_process_like 'openstack undercloud upgrade'; }
update_client_satisfied() { undercloud_updated python-tripleoclient; }
update_client_apply() {
  keep_offers offers-undercloud list_undercloud_offers
  # departs: パッケージのファイルに直接加えた変更は yum が上書きするため、先に保存する
  keep_patched_files python-tripleoclient
  sudo yum update -y python-tripleoclient
}
update_client_verify() { undercloud_updated python-tripleoclient; }

# 2.04/4  全パッケージの更新とアンダークラウドの再設定
#   変更、サービス影響あり; アンダークラウド
#   変更対象: インストール済みの全パッケージ、サービス openstack-nova-api、ファイル
#            /var/lib/osp-runbook/<change>/undercloud-upgrade、ファイル /var/lib/osp-runbook/<change>/patched-files、
#            ファイル /var/lib/osp-runbook/<change>/offers-undercloud
#   ガイド: openstack undercloud upgrade
upgrade_undercloud_requires() { undercloud_updated python-tripleoclient && no_process_like 'openstack undercloud upgrade'; }
# New packages prove that yum has run, not that the configuration after it has: a record of root remains until both have.
upgrade_undercloud_satisfied() { no_half_upgrade && undercloud_updated; }
upgrade_undercloud_apply() {
  local now
  # departs: パッケージのファイルに直接加えた変更は yum が上書きするため、先に保存する
  keep_patched_files ''
  now=$(date --utc +%Y-%m-%dT%H:%M:%SZ)
  # what the repositories offer before yum runs: later offers are not part of this change
  keep_offers offers-undercloud list_undercloud_offers
  keep_record undercloud-upgrade "begun $now"
  # departs: 端末が切れても続くように実行し、出力はログに残す。2 時間を超えると知らせるが、強制終了はしない
  watched 7200 'the undercloud upgrade' openstack undercloud upgrade
  forget_record undercloud-upgrade
}
upgrade_undercloud_verify() { no_half_upgrade && undercloud_updated; }

half_upgraded() {
  local begun
  find_record undercloud-upgrade || return 2
  begun=$SAID
  [[ -n $begun ]]
}

no_half_upgrade() {
  local begun
  find_record undercloud-upgrade || return 2
  begun=$SAID
  why "an undercloud upgrade of this change was $begun and did not complete" "look into $STATE/logs/the-undercloud-upgrade.log"
  [[ -z $begun ]] || return 1
  why 'nothing newer is on offer'
}

# 2.04/5  停止したサービスの復帰
#   変更、影響小; アンダークラウド
#   変更対象: サービス openstack-*、サービス neutron-*、サービス httpd
start_services_requires() { no_process_like 'openstack undercloud upgrade'; }
start_services_satisfied() { no_claims units undercloud && why 'no service is left stopped by this change'; }
start_services_apply() {
  start_claimed_units undercloud
  wait_until 600 "the undercloud's services" claimed_units_active undercloud
  release_claim units undercloud
}
start_services_verify() { no_claims units undercloud && undercloud_lists_stack; }
start_services_rescue() {
  when_no no_process_like 'openstack undercloud upgrade' -- leave_services_alone
  start_services_apply
}

leave_services_alone() {
  complain 'an undercloud upgrade is still running and starts them itself; run this section again when it has ended'
  exit 1
}

# 2.04/6  アンダークラウドの再起動
#   対話、サービス影響あり; アンダークラウド
#   変更対象: アンダークラウドの再起動、ファイル /var/lib/osp-runbook/<change>/reboots
reboot_undercloud_requires() {
  no_claims units undercloud && heat_is_idle && no_node_is_deploying && another_reason_than_before
}
reboot_undercloud_satisfied() { undercloud_needs_no_reboot; }
reboot_undercloud_attend() {
  local reasons
  reasons=$(undercloud_reasons)
  as_root record_reboot "$REBOOT_RECORD" "$reasons"
  note "the undercloud is going down: ${reasons%;}"
  # said before it: the reboot may end this run before it can say anything more
  note "when it is back, log in as $UNDERCLOUD_USER and continue: cd $BUNDLE && ./$SCRIPT"
  : >"$SCRATCH/going_down"
  may_lose_connection sudo reboot
  hand_over 'the undercloud is rebooting as requested'
}
reboot_undercloud_verify() { undercloud_needs_no_reboot; }

undercloud_needs_no_reboot() {
  local reasons
  reasons=$(undercloud_reasons) || return 2
  why "the undercloud needs a reboot: ${reasons%;}" "./$SCRIPT"
  [[ -z $reasons ]] || return 1
  why 'no reboot is needed'
}

# A reboot that did not help is not asked for again.
another_reason_than_before() {
  local reasons
  facts_of_reboot undercloud || return 2
  # an earlier run was cut off before the reboot
  if [[ ${REBOOT_FACT[boot]-} == "${REBOOT_FACT[left_boot]-}" ]]; then return 0; fi
  reasons=$(undercloud_reasons) || return 2
  common_reason "$reasons" "${REBOOT_FACT[left_for]-}"
  why "the undercloud was already rebooted in this change, but the reason remains:$SAID" \
    'find out why the boot does not bring it, then ./runbook attest 2.04/6 REASON'
  [[ -z $SAID ]]
}

# The guide always reboots: here if the newest package is newer than the boot.
undercloud_reasons() {
  local reasons booted newest
  reasons_to_reboot undercloud || return 2
  reasons=$DUE
  booted=$(uptime --since) || return 2
  booted=$(date --date="$booted" +%s) || return 2
  newest=$(rpm --query --all --queryformat '%{INSTALLTIME}\n' | sort --numeric-sort | tail --lines=1) || return 2
  numbers newest booted || return 2
  if ((newest > booted)); then
    newest=$(date --utc --date="@$newest" +%Y-%m-%dT%H:%M:%SZ) || return 2
    reasons+="${reasons:+ }packages were installed after the boot, the last at $newest;"
  fi
  printf '%s' "$reasons"
}

# 2.04/8  更新後のアンダークラウドの確認
#   確認; アンダークラウド

# After the reboot the operator is back before heat is.
undercloud_answers_check() {
  if wait_until 300 "heat to answer and list the stack $STACK" undercloud_lists_stack; then
    pass "heat answers and lists the stack $STACK"
  else
    fail "$WHY" 'stackrc: openstack stack list'
  fi
  pass_or_fail 'every update that this change has to bring is installed, python-tripleoclient included' \
    'run this section again ;; here: sudo yum check-update' undercloud_updated
  pass_or_fail 'every service that this change stopped runs again' "$(way_to_step start_services)" no_claims units undercloud
  pass_or_fail 'no service of OpenStack has failed' "sudo systemctl list-units --state=failed 'openstack-*' 'neutron-*' httpd" no_failed_services
  judge_patched_files
}

no_failed_services() {
  local failed
  failed=$(systemctl list-units --state=failed --no-legend --no-pager 'openstack-*' 'neutron-*' httpd.service) || return 2
  failed=$(failed_units <<<"$failed") || return 2
  why "failed: ${failed//$'\n'/, }"
  [[ -z $failed ]]
}

# 手順の一覧。列: 番号、NAME、種別、影響、設定を切り替える区間 (opens 開始、body 途中、closes 終了)、NAME_verify の期限 (秒)、タイトル。
steps <<'STEPS'
2.04/2   stop_services              change   disruptive  opens:services     300   アンダークラウドの OpenStack サービスの停止
2.04/3   update_client              change   low         body:services      60    python-tripleoclient の更新
2.04/4   upgrade_undercloud         change   disruptive  body:services      300   全パッケージの更新とアンダークラウドの再設定
2.04/5   start_services             change   low         closes:services    600   停止したサービスの復帰
2.04/6   reboot_undercloud          attended disruptive  -                  60    アンダークラウドの再起動
2.04/8   undercloud_answers         check    low         -                  60    更新後のアンダークラウドの確認
STEPS
run_steps
