#!/usr/bin/env bash
#
# 2.00  事前確認 / Preflight
# ガイド: 2
# サイト tokyo-1、変更 CHG0042137。osp-compile が生成。このファイルではなく spec を変更してください。
#
#   ./2.00-preflight.sh --dry-run    実行する内容を表示する。何も変更しない
#   ./2.00-preflight.sh              実行する。何度実行してもよい
#
# この章で必要になるものをまとめて確認し、問題をすべて一度に示します。リリース、ssh とホスト鍵、spec と実環境の
# ノードの一致、ファイル、スタック、空き容量、時刻、リポジトリー、ライブマイグレーションできないインスタンス、ほかに
# ログイン中のユーザー、変更する設定の状態、コントロールプレーンと Ceph の正常性を調べます。spec との差異には
# site.yaml に書く行を示します。変更は行いません。

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
. lib/systems/ceph.sh
. lib/systems/cloud.sh
. lib/systems/databases.sh
. lib/systems/haproxy.sh
. lib/systems/heat.sh
. lib/systems/hiera.sh
. lib/systems/hosts.sh
. lib/systems/images.sh
. lib/systems/offers.sh
. lib/systems/pacemaker.sh
. lib/systems/packages.sh
. lib/systems/plan_files.sh
. lib/systems/predeploy.sh
. lib/systems/services.sh
. lib/systems/software.sh
. lib/systems/templates.sh

# 各手順の進み方:
#   NAME_check      合格、警告、失敗のいずれかを示し、何も変更しない
# 終了コードは 0 が「はい」、1 が「いいえ」、2 が「判断できない」。either A -- B は「A または B」、opposite A は「A でない」。
# ask A と answer A は A を調べ、ANSWER に yes、no、unknown を入れる (answer は「判断できない」なら手順を終える)。ask は WHY に理由、
# REMEDY に対処方法も入れる。
# 使っている関数と変数の定義:
#   lib/engine/check.sh        fail last_words pass tell waived warn
#   lib/engine/everywhere.sh   judge_nodes judge_question judge_undercloud pass_unless_found
#   lib/engine/nodes.sh        count_of has_line is_host_of no_node_deployed_here node_address node_role nodes_in
#   lib/engine/question.sh     ANSWER REMEDY SAID WHY answer ask printed said_last why
#   lib/engine/rc.sh           hear_undercloud parse with_overcloudrc with_stackrc
#   lib/engine/ssh.sh          quote_into
#   lib/engine/step.sh         find_step section_named
#   lib/engine/stop.sh         quoted
#   lib/engine/wait.sh         at_once
#   lib/engine/words.sh        numbers
#   lib/runtime.sh             SCRATCH
#   lib/site.sh                ANSWERS_FILE BACKUP_DIR CHANGE DEPLOY_DIRECTORY DEPLOY_TEMPLATES DISK_WARN ENV_FILES
#                              FENCING ROLES_FILE SITE_LANGUAGE SITE_NAME STACK
#   lib/systems/backup.sh      backup_dir_has_room
#   lib/systems/ceph.sh        judge_ceph_checks no_foreign_ceph_flag tell_of_gone_osds
#   lib/systems/cloud.sh       judge_stated_services
#   lib/systems/haproxy.sh     judge_balancer
#   lib/systems/heat.sh        find_roles stack_has
#   lib/systems/hosts.sh       SERVICE_UNITS judge_clock judge_disks judge_units list_disks list_failed_units
#                              read_clock
#   lib/systems/images.sh      glance_images
#   lib/systems/offers.sh      judge_patched_module list_patched_modules
#   lib/systems/pacemaker.sh   find_cluster_property judge_cluster judge_galera judge_rabbit judge_where_it_runs
#   lib/systems/packages.sh    CHANNEL_PACKAGES CHECKED_PACKAGES ask_yum judge_offers keep_versions list_held
#   lib/systems/plan_files.sh  answers_file_names_spec_templates find_answers find_deploy_option find_files_of_spec
#                              for_every_file_of_spec for_every_folder_of_spec judge_folder_of_login miss_files
#   lib/systems/predeploy.sh   as_client client_flavor_rows ironic_works_on judge_bare_metal judge_boot_image
#                              judge_boot_of_nodes judge_flavors judge_lost_templates judge_number_of_nodes
#                              judge_time_server judge_unknown_options over_bare_metal
#   lib/systems/services.sh    how_to_enable judge_dead_services judge_list judge_list_unless list_rows list_servers
#                              rows_of_compute
#   lib/systems/software.sh    keep_software warn_of_unlisted
#   lib/systems/templates.sh   judge_order_of_files judge_own_update
section 2.00 '事前確認' '' "$@"

# 2.00/1  全ノードの ssh 応答、ホスト鍵、ホスト名の確認
#   確認; 各ノード

# ssh refuses an unknown or changed host key by itself; the name shows whether the address is the node's.
nodes_answer_check() {
  judge_nodes all judge_host_name read_host_name
  pass_unless_found "all $(count_of all) nodes answer ssh, with a known host key and their own name"
}

read_host_name() { hostname --short; }

judge_host_name() {
  local name
  name=$(cat)
  if ! is_host_of "$name" "$1"; then
    fail "$1: the host at $(node_address "$1") reports its name as ${name:-nothing}" 'correct the address in the spec, and compile again' \
      "# UNRESOLVED address of $1, instead of $(node_address "$1")"
  fi
}

# 2.00/2  OS と OpenStack Platform のリリースの確認
#   確認; 各ノード
releases_check() {
  judge_undercloud judge_release read_releases
  judge_nodes all judge_release read_releases
  pass_unless_found "the undercloud and all $(count_of all) nodes run RHEL 7 and OpenStack Platform 10"
}

read_releases() {
  cat /etc/redhat-release
  command -v needs-restarting >/dev/null || printf 'no needs-restarting\n'
  if [[ -e /etc/rhosp-release ]]; then cat /etc/rhosp-release; fi
  read_subscription
}

# With packages from Red Hat's own network a host follows RHEL's newest release unless one is set. (With a Satellite the content view decides.)
read_subscription() {
  local said
  if [[ ! -e /etc/pki/consumer/cert.pem ]] || ! grep --quiet '^baseurl *= *https://cdn\.redhat\.com' /etc/rhsm/rhsm.conf; then return; fi
  # where it fails, what it says is the answer
  said=$(timeout 60 subscription-manager release 2>&1) || said=${said:-no answer}
  printf 'subscription %s\n' "${said##*$'\n'}"
}

# The newest RHEL that the later edition of the guide sets for this chapter.
NEWEST_RHEL=7.7

judge_release() {
  local answer
  answer=$(cat)
  judge_subscription "$1" "$(sed --quiet 's/^subscription //p' <<<"$answer")"
  answer=$(sed '/^subscription /d' <<<"$answer")
  if has_line 'no needs-restarting' "$answer"; then
    fail "$1 has no needs-restarting, which shows whether a reboot is needed" "on $1: sudo yum install yum-utils"
  fi
  if [[ $answer != 'Red Hat Enterprise Linux'*' release 7.'* ]]; then
    fail "$1 does not run Red Hat Enterprise Linux 7: ${answer%%$'\n'*}" 'this chapter is for OpenStack Platform 10 on RHEL 7'
  fi
  case $answer in
    *'OpenStack Platform release 10.'*) ;;
    *'OpenStack Platform release'*) fail "$1 runs another release: ${answer##*$'\n'}" 'this chapter is for OpenStack Platform 10' ;;
    *) warn "$1 does not say which OpenStack Platform it runs" "on $1: rpm --query rhosp-release" ;;
  esac
}

judge_subscription() {
  local remedy="on $1: sudo subscription-manager release --set=$NEWEST_RHEL && sudo yum clean all"
  case $2 in
    '' | 'Release: 7.'[3-7]) ;;
    'Release: '*) warn "$1 follows RHEL ${2#Release: }, which OpenStack Platform 10 does not support" "$remedy" ;;
    'Release not set'*) warn "$1 has no RHEL release set: its update would bring the newest, which OpenStack Platform 10 does not support" "$remedy" ;;
    *deleted* | *'not registered'* | *'not yet registered'*)
      warn "$1 does not say which RHEL release it follows: $2" \
        "with the holder of the account register it again ;; on $1: sudo subscription-manager clean; sudo subscription-manager register"
      ;;
    *) warn "$1 does not say which RHEL release it follows: $2" "on $1: sudo subscription-manager release" ;;
  esac
}

# 2.00/3  実環境と spec のノード・サービスの一致の確認
#   確認; アンダークラウド
nodes_match_check() {
  local rows word name detail id lines
  local -a answers=()
  note_roles
  if ! rows=$(list_servers mismatches "$SCRATCH/roles"); then
    fail "cannot list the undercloud's servers: $(last_words "$SCRATCH/list.err" 'an error')" 'stackrc: openstack server list'
    return
  fi
  while IFS=$'\t' read -r word name detail id lines; do
    # from here "$@" is the lines of site.yaml that answer this finding, if there are any
    set --
    if [[ -n $lines ]]; then
      IFS=$'\t' read -r -a answers <<<"$lines"
      set -- "${answers[@]}"
    fi
    judge_server "$word" "$name" "$detail" "$id" "$@"
  done < <(grep . <<<"$rows")
  judge_stated_services
  pass_unless_found "the stack's servers on the undercloud are exactly the $(($(count_of all) - $(count_of deployed_server))) nodes of the spec"
  judge_dead_services
}

# judge_server WORD NAME DETAIL ID [LINE...]: what is wrong with a server, and the lines of site.yaml that answer it.
judge_server() {
  local word=$1 name=$2 detail=$3 id=$4
  shift 4
  case $word in
    missing)
      fail "$name ($detail) is in the spec and not in the undercloud's list" \
        'correct the spec, or set deployed_server: true for a node that this undercloud did not deploy; then compile again' \
        "$@"
      ;;
    extra) judge_extra_server "$name" "$detail" "$id" "$@" ;;
    double) fail "two servers are called $name" 'each node needs a name of its own ;; stackrc: openstack server list' ;;
    address)
      fail "$name has $detail, and the spec has $(node_address "$name")" 'correct the spec, and compile again' "$@"
      ;;
    role)
      fail "$name has the role $detail in the stack $STACK, and the spec has $(node_role "$name")" 'correct the spec, and compile again' \
        "$@"
      ;;
    status) fail "$name is $detail" "stackrc: openstack server show $(quoted "$name")" ;;
  esac
}

# note_roles: the role that heat has for each server, in $SCRATCH/roles. Without an answer the chapter continues: the names are compared.
note_roles() {
  : >"$SCRATCH/roles"
  if no_node_deployed_here; then return; fi
  ask find_roles
  # a check goes on after whatever it finds
  set +e
  if [[ $ANSWER == yes ]] && find_roles && printf '%s\n' "$SAID" >"$SCRATCH/roles"; then return; fi
  warn "cannot compare the roles of the nodes with those of the stack $STACK: ${WHY:-heat does not tell them}" "$REMEDY"
}

# judge_extra_server NAME NETWORKS ID [LINE...]: a server outside the stack is somebody else's, and left alone: only those of the stack are updated.
judge_extra_server() {
  ask stack_has "$3"
  case $ANSWER in
    yes) fail "$1 ($2) is in the undercloud's list and not in the spec" 'add it to the spec, and compile again' "${@:4}" ;;
    no) tell "$1 ($2) is a server of the undercloud but not of the stack $STACK: it is left alone" ;;
    *) fail "cannot tell whether $1 ($2), which is not in the spec, belongs to the stack $STACK: $WHY" "$REMEDY" ;;
  esac
  # a check goes on after whatever it finds
  set +e
}

# 2.00/4  各コンピュートの nova 上のホスト名の確認
#   確認; アンダークラウド

# A wrong name looks like an empty node to everything that asks nova.
compute_hosts_check() {
  judge_list judge_compute_hosts 'compute services' services with_overcloudrc openstack compute service list --long -f json
  pass_unless_found "nova knows each of the $(count_of computes) computes by exactly one name"
}

judge_compute_hosts() {
  local rows node found
  rows=$(cat)
  while IFS= read -r node; do
    found=$(rows_of_compute "$node" <<<"$rows" | awk 'END { print NR }')
    if [[ $found != 1 ]]; then
      fail "nova has $found computes that could be $node" 'rc: openstack compute service list --service nova-compute'
    fi
  done < <(nodes_in computes)
}

# 2.00/5  テンプレート、ロールファイル、環境ファイルの確認
#   確認; アンダークラウド
deploy_files_check() {
  judge_places
  for_every_file_of_spec judge_file_of_spec
  for_every_folder_of_spec judge_folder_of_spec
  judge_folder_of_login
  judge_unknown_options
  tell_of_validations
  judge_plan_files
  pass_unless_found "the templates and all ${#ENV_FILES[@]} environment files are there"
}

judge_places() {
  if [[ ! -r $DEPLOY_TEMPLATES || ! -d $DEPLOY_TEMPLATES ]]; then fail "the templates are not there: $DEPLOY_TEMPLATES" 'correct deploy.templates in the spec' "# UNRESOLVED deploy.templates, instead of $DEPLOY_TEMPLATES"; fi
  if [[ -n $ROLES_FILE && ! -r $ROLES_FILE ]]; then fail "the roles file cannot be read: $ROLES_FILE" 'correct deploy.roles_file in the spec' "# UNRESOLVED deploy.roles_file, instead of $ROLES_FILE"; fi
  if [[ ! -d $DEPLOY_DIRECTORY || ! -w $DEPLOY_DIRECTORY ]]; then fail "the deploy client cannot write its rc files: $DEPLOY_DIRECTORY" 'correct deploy.directory in the spec'; fi
  if [[ -n $ANSWERS_FILE && ! -r $ANSWERS_FILE ]]; then
    fail "the answers file cannot be read: $ANSWERS_FILE" 'correct deploy.answers_file in the spec' "# UNRESOLVED deploy.answers_file, instead of $ANSWERS_FILE"
  fi
}

# The client accepts a file that it renders from a .j2.yaml.
judge_file_of_spec() {
  if [[ ! -r $1 && ! -r ${1%.yaml}.j2.yaml ]]; then
    fail "an environment file cannot be read: $1" 'correct env_files in the spec, in the order of the original deployment' "# UNRESOLVED env_files, instead of $1"
  fi
}

judge_folder_of_spec() {
  if [[ ! -r $1 || ! -d $1 ]]; then fail "the folder of environment files is not there: $1" 'correct deploy.environment_directories in the spec' "# UNRESOLVED deploy.environment_directories, instead of $1"; fi
}

judge_plan_files() {
  judge_question answers_file_names_spec_templates
  judge_question find_files_of_spec
  if [[ $ANSWER != yes ]]; then return; fi
  # (a question is a process of its own: its variables are gone with it)
  find_files_of_spec
  judge_files_listed
  judge_lost_templates
  judge_time_server
  judge_own_update
  judge_order_of_files
}

# What the answers file lists the spec does not name.
judge_files_listed() {
  local missing=''
  local -a listed=()
  if ! find_answers environment || [[ -z $SAID ]]; then return; fi
  mapfile -t listed <<<"$SAID"
  miss_files "${listed[@]}"
  if [[ -n $missing ]]; then
    fail "$ANSWERS_FILE lists files that cannot be read:$missing" "put them there, or correct the list ;; here: cat $(quoted "$ANSWERS_FILE")"
  fi
}

# Two options of the client change what its own checks refuse; each of them in this section is judged by that.
tell_of_validations() {
  if find_deploy_option --validation-warnings-fatal; then
    tell 'the deploy command has --validation-warnings-fatal: what the client warns of is refused, here too'
  elif find_deploy_option --validation-errors-nonfatal; then
    tell 'the deploy command has --validation-errors-nonfatal: what its checks call an error is a warning, here too'
  fi
}

# 2.00/6  スタックの完了と進行中の操作がないことの確認
#   確認; アンダークラウド
stack_is_calm_check() {
  judge_list judge_stacks 'heat stacks' stacks with_stackrc openstack stack list -f json
  judge_list_unless bare_metal_may_lack judge_deploying 'bare metal nodes' baremetal with_stackrc openstack baremetal node list -f json
  pass_unless_found "the stack $STACK is complete, and no operation is running in heat or ironic"
}

# ironic may have no node if this undercloud deployed none of the spec's.
bare_metal_may_lack() {
  why "$2" "$3"
  [[ $1 == empty ]] || return 2
  no_node_deployed_here || return 1
  why 'no node of the spec was deployed by this undercloud'
}

judge_stacks() {
  local name status found='' names=''
  local -a lines=()
  while IFS=$'\t' read -r name status; do
    if [[ $name == "$STACK" ]]; then found=$status; fi
    names+=$name$'\n'
    if [[ $status == *_IN_PROGRESS ]]; then fail "the stack $name is $status" 'wait for it to end, or find out who started it'; fi
  done
  case $found in
    '')
      mapfile -t lines < <(parse spec_lines site "$SITE_NAME" "$CHANGE" "$SITE_LANGUAGE" "$STACK" <<<"$names")
      # from here "$@" is these lines, if there are any
      set --
      if ((${#lines[@]} > 0)); then set -- "${lines[@]}"; fi
      fail "there is no stack $STACK" 'correct site.stack in the spec ;; stackrc: openstack stack list' "$@"
      ;;
    *_FAILED) fail "the stack $STACK is $found" "bring it to COMPLETE before anything else ;; stackrc: openstack stack failures list $STACK" ;;
  esac
}

judge_deploying() {
  local name instance power maintenance provisioning
  while IFS=$'\t' read -r name instance power maintenance provisioning; do
    if ironic_works_on "$provisioning"; then
      fail "$name is $provisioning${instance:+ (power ${power/power /}, maintenance $maintenance)}" "wait for it ;; stackrc: openstack baremetal node show $(quoted "$name")"
    fi
  done
}

# 2.00/7  ディスク空き容量の確認
#   確認; 各ノード
free_space_check() {
  judge_question backup_dir_has_room 0
  judge_undercloud judge_disks list_disks
  judge_nodes all judge_disks list_disks
  pass_unless_found "$BACKUP_DIR has room for the backups, and every file system is less than $DISK_WARN % full"
}

# 2.00/8  切断に耐える端末 (tmux か screen) の確認
#   確認; アンダークラウド

# A session that is lost ends what runs in it, and the update of the overcloud takes hours.
lasting_terminal_check() {
  if [[ -n ${TMUX-}${STY-} ]]; then
    pass 'this runs inside tmux or screen'
  elif command -v tmux >/dev/null || command -v screen >/dev/null; then
    warn 'this terminal is not inside tmux or screen' 'start tmux (or screen), and continue inside it'
  else
    warn 'neither tmux nor screen is installed here' 'start tmux then, and continue inside it ;; here: sudo yum install tmux'
  fi
}

# 2.00/9  時刻同期の確認
#   確認; 各ノード
clocks_check() {
  judge_undercloud judge_clock read_clock
  judge_nodes all judge_clock read_clock
  pass_unless_found "the clocks of the undercloud and of all $(count_of all) nodes are synchronised"
}

# 2.00/10  2.10 で必要なパッケージがリポジトリーにあることの確認
#   確認; 各ノード

# What the repositories lack fails in the middle of the night, in 2.04 or 2.06, or unseen until 2.10.
package_offers_check() {
  judge_undercloud judge_offers read_offers "${CHECKED_PACKAGES[@]}" "${CHANNEL_PACKAGES[@]}"
  judge_nodes all judge_offers read_offers "${CHECKED_PACKAGES[@]}" "${CHANNEL_PACKAGES[@]}"
  keep_versions versions-before
  keep_software before
  warn_of_unlisted
  pass_unless_found "the repositories of the undercloud and of all $(count_of all) nodes provide the versions that 2.10 requires"
}

# Run by root: what keeps packages back, then each version that a repository holds, the installed one too: a package without one has lost
# its repository.
read_offers() {
  list_held
  ask_yum --showduplicates list "$@"
}

# 2.00/11  ライブマイグレーションできないインスタンスの確認
#   確認; 各ノード

# What can be seen from outside: an instance that does not run, or that has a device, a vhost-user port or pinned CPUs.
unmovable_instances_check() {
  judge_movable_states
  judge_nodes computes judge_movable_domains list_pinned_domains
  pass_unless_found 'every instance looks as if it could move live'
}

judge_movable_states() {
  local rows
  if ! rows=$(list_rows instances with_overcloudrc openstack server list --all-projects --long --limit -1 -f json); then
    fail "cannot list the instances: $(last_words "$SCRATCH/list.err" 'an error')" 'rc: openstack server list --all-projects'
    return
  fi
  while IFS=$'\t' read -r id name status host; do
    warn "$name ($id) on ${host%%.*} is $status and cannot move live" "compute_reboot.stuck in the spec decides how it is handled"
  done < <(awk -F '\t' 'NF && $3 != "ACTIVE" && $3 != "PAUSED"' <<<"$rows")
}

# Run by root on a compute: a running domain's name and what ties it to its host; after a dash what libvirt-guests does at a shutdown.
list_pinned_domains() {
  local domain description ties at_shutdown=suspend
  if [[ $(systemctl is-active libvirt-guests) == active ]]; then
    if [[ -e /etc/sysconfig/libvirt-guests ]]; then
      at_shutdown=$(sed -n "s/^ON_SHUTDOWN=[\"']*\([a-z]*\).*/\1/p" /etc/sysconfig/libvirt-guests | tail --lines=1)
    fi
    printf -- '- %s\n' "${at_shutdown:-suspend}"
  fi
  for domain in $(virsh --readonly list --name); do
    description=$(virsh --readonly dumpxml "$domain")
    ties=$(grep --only-matching --extended-regexp "<hostdev|type='(hostdev|direct|vhostuser)'|<vcpupin|<numatune|<hugepages" <<<"$description" | sort --unique | tr '\n' ' ') || continue
    printf '%s %s\n' "$domain" "$ties"
  done
}

judge_movable_domains() {
  local domain ties
  while read -r domain ties; do
    if [[ $domain == - ]]; then
      judge_guests "$1" "$ties"
      continue
    fi
    ties=${ties//<hostdev/a device of the host}
    ties=${ties//"type='hostdev'"/a network device of the host}
    ties=${ties//"type='direct'"/a network device of the host}
    ties=${ties//<vcpupin/pinned CPUs}
    ties=${ties//<numatune/memory of a NUMA node}
    ties=${ties//<hugepages/huge pages}
    ties=${ties//"type='vhostuser'"/a vhost-user port}
    warn "$1: $domain has ${ties% }, and may not move live" "compute_reboot.stuck in the spec decides how it is handled"
  done
}

# judge_guests NODE AT_SHUTDOWN: stopping the service would do at once to every instance what it does at a shutdown, and so would not help.
judge_guests() {
  if [[ $2 == shutdown ]]; then return; fi
  warn "$1: libvirt-guests is active, and a reboot suspends to disk whatever still runs there ($2)" \
    "have it shut them down instead, and leave the start to nova; do not stop the service, which does the same at once ;; on $1: printf 'ON_BOOT=ignore\\nON_SHUTDOWN=shutdown\\nSHUTDOWN_TIMEOUT=120\\nPARALLEL_SHUTDOWN=10\\n' | sudo tee --append /etc/sysconfig/libvirt-guests"
}

# 2.00/12  ほかにログイン中のユーザーの確認
#   確認; 各ノード
other_logins_check() {
  judge_undercloud judge_other_logins list_sessions
  judge_nodes all judge_other_logins list_sessions
  pass_unless_found 'nobody else is logged in'
}

list_sessions() { who; }

# The panes of a terminal multiplexer do not count as sessions; on the undercloud one session is ours.
judge_other_logins() {
  local sessions
  sessions=$(awk '$NF !~ /^\((tmux|:)/ { print $1, $2, $NF }')
  if [[ $1 == undercloud && $(awk 'NF' <<<"$sessions" | awk 'END { print NR }') -le 1 ]]; then return; fi
  if [[ -n $sessions ]]; then warn "$1: logged in: ${sessions//$'\n'/, }" 'tell them what is about to happen'; fi
}

# 2.00/13  Ceph フラグの現在の状態
#   確認; Ceph モニター
ceph_flags_check() {
  local flag
  for flag in noout norebalance; do
    judge_question no_foreign_ceph_flag "$flag"
  done
  pass_unless_found 'neither noout nor norebalance is set by others'
}

# 2.00/13a  Ceph の正常性の確認 (変更の最後と同じ基準)
#   確認; Ceph モニター

# What ceph warns of now it warns of at the end of 2.08, of 2.09 and in 2.12 too: it is mended, or accepted in the spec, today.
ceph_checks_check() {
  # the flags that 2.08 sets have a check of their own
  judge_ceph_checks held
  tell_of_gone_osds
  pass_unless_found 'ceph reports nothing that is not OK'
}

# 2.00/14  無効化されている Compute サービスの確認
#   確認; アンダークラウド
disabled_computes_check() {
  judge_list judge_disabled 'compute services' services with_overcloudrc openstack compute service list --long -f json
  pass_unless_found 'no compute service is disabled'
}

judge_disabled() {
  local host binary status state reason
  while IFS=$'\t' read -r host binary status state reason; do
    if [[ $status == enabled ]]; then continue; fi
    if [[ $reason == "$CHANGE:"* ]]; then
      warn "$host: $binary ($state) is disabled by this change: $reason" "$(how_to_enable "$host")"
    else
      warn "$host: $binary ($state) is disabled; its owner's reason: $reason" "it stays as it is; $(section_named reboot-computes) reboots the node and never enables it"
    fi
  done
}

# 2.00/15  フェンシングとクラスターのメンテナンスモードの確認
#   確認; コントローラー 1 台

# The properties of the cluster that the update in 2.06 may change.
cluster_switches_check() {
  local value
  if ! value=$(printed find_cluster_property stonith-enabled); then
    fail 'cannot read the properties of the cluster' 'on controller: sudo pcs property show'
  elif [[ $FENCING == yes && $value == false ]]; then
    warn 'the spec says fencing is on, but stonith-enabled is false' "$(section_named update-overcloud) will set it; correct the spec if it should stay off" \
      '# fencing: instead of fencing: true, if it should stay off' '# fencing: false'
  elif [[ $FENCING == no && $value != false ]]; then
    warn "the spec says there is no fencing, but stonith-enabled is ${value:-true by default}" 'correct fencing in the spec' \
      '# fencing: add, or instead of fencing: false' 'fencing: true'
  fi
  value=$(printed find_cluster_property maintenance-mode)
  if [[ $value == true ]]; then fail 'the cluster is in maintenance mode' 'on controller: sudo pcs property set maintenance-mode=false'; fi
  pass_unless_found 'fencing is as the spec says, and the cluster is not in maintenance mode'
}

# 2.00/15a  クラスター、Galera、RabbitMQ (再起動の前提となる状態) の確認
#   確認; 各ノード

# What the gates of the reboots refuse is said before anything has been changed. Nothing of it can be accepted: no controller could be rebooted.
control_plane_health_check() {
  if [[ $(count_of pacemaker) != 0 ]]; then judge_cluster; fi
  judge_where_it_runs mysql Galera judge_galera
  judge_where_it_runs rabbitmq RabbitMQ judge_rabbit
  pass_unless_found 'the cluster is whole, galera is synced and rabbitmq healthy'
}

# 2.00/15b  失敗したサービスと HAProxy から届かないサービスの確認
#   確認; 各ノード

# What has failed now, the validation at the end finds too. No reboot waits for it, so that a site may keep it, and say why.
failed_services_check() {
  judge_nodes all judge_units list_failed_units "${SERVICE_UNITS[@]}"
  if [[ $(count_of controllers) != 0 ]]; then judge_balancer at_once; fi
  tell_way_to_keep
  pass_unless_found "no unit has failed, and every service behind haproxy is up"
}

tell_way_to_keep() {
  if ! grep --quiet '^fail' "$SCRATCH/findings" || ! find_step failed_services || waived "$SAID" >/dev/null; then return; fi
  warn "what has been so for long may stay if the spec waives $SAID, and the same check of $(section_named validate-overcloud), with a reason" \
    'mend it, or waive it and compile again' "# UNRESOLVED waive: {$SAID: 'the reason why it may stay so'}"
}

# 2.00/16  ベアメタルノードの電源状態とメンテナンスモードの確認
#   確認; アンダークラウド

# Else the client in 2.06 would be the first to say so, or 2.12, when every node has been rebooted.
bare_metal_ready_check() {
  local SERVERS
  if ! SERVERS=$(list_servers servers); then
    fail "cannot list the undercloud's servers: $(last_words "$SCRATCH/list.err" 'an error')" 'stackrc: openstack server list'
    return
  fi
  over_bare_metal judge_bare_metal
  pass_unless_found 'every bare metal node in use is powered on and out of maintenance'
}

# 2.00/17  ベアメタルノードのデプロイイメージの確認
#   確認; アンダークラウド
boot_images_check() {
  local images kernel ramdisk
  if ! images=$(glance_images 2>"$SCRATCH/images.err"); then
    fail "cannot list glance's images: $(last_words "$SCRATCH/images.err" 'an error')" 'stackrc: openstack image list'
    return
  fi
  judge_boot_image bm-deploy-kernel "$images"
  kernel=$SAID
  judge_boot_image bm-deploy-ramdisk "$images"
  ramdisk=$SAID
  if [[ -n $kernel && -n $ramdisk ]]; then
    over_bare_metal judge_boot_of_nodes "$kernel" "$ramdisk"
  fi
  pass_unless_found 'glance has one deploy kernel and one deploy ramdisk, and every node names them'
}

# 2.00/18  フレーバー、プロファイル、ハイパーバイザー数の確認
#   確認; アンダークラウド
client_flavors_check() {
  judge_hypervisors
  over_bare_metal judge_client_flavors
  pass_unless_found 'the flavors that the deploy command names exist and have nodes; nova counts hypervisors'
}

judge_client_flavors() {
  local rows
  cat >"$SCRATCH/bare-metal.tsv"
  judge_number_of_nodes <"$SCRATCH/bare-metal.tsv"
  if rows=$(client_flavor_rows "$SCRATCH/bare-metal.tsv"); then
    judge_flavors < <(grep . <<<"$rows")
  else
    fail "cannot check the flavors: $(last_words "$SCRATCH/list.err" 'an error')" 'stackrc: openstack flavor list --long'
  fi
}

judge_hypervisors() {
  ask hypervisors_are_counted
  # a check goes on after whatever it finds
  set +e
  case $ANSWER in
    no) as_client fail "$WHY" "$REMEDY" ;;
    unknown) fail "cannot tell: $WHY" "$REMEDY" ;;
  esac
}

# hypervisors_are_counted: nova leaves out those whose compute service is disabled, and has none where no node was deployed here.
hypervisors_are_counted() {
  local count
  hear_undercloud openstack hypervisor stats show --format value --column count || {
    why "cannot read the number of hypervisors from nova: $(said_last)" 'stackrc: openstack hypervisor stats show'
    return 2
  }
  count=$SAID
  numbers count || return 2
  if no_node_deployed_here; then return 0; fi
  why "the undercloud's nova lists no hypervisors" \
    'stackrc: openstack compute service list; openstack compute service set --enable undercloud.localdomain nova-compute'
  ((count >= 1))
}

# 2.00/19  yum の実行を妨げるものがないことの確認
#   確認; 各ノード

# What makes yum_update.sh of a node, or yum itself, refuse hours later in 2.06, what keeps the update from reaching the node, and what it would
# overwrite there without a word.
yum_will_run_check() {
  judge_undercloud judge_yum read_yum_state undercloud
  judge_nodes all judge_yum read_yum_state node
  pass_unless_found "nothing blocks yum on the undercloud and on all $(count_of all) nodes"
}

# read_yum_state undercloud|node, run by root: `WORD VALUE`, tabs between; the last is `whole`, without which the answer is incomplete.
read_yum_state() {
  local pid file word='' names status=0
  if [[ -e /var/run/yum.pid ]]; then
    pid=$(tr --delete --complement 0-9 </var/run/yum.pid)
    if [[ -n $pid && -d /proc/$pid ]]; then word=running; else word=stale; fi
    printf '%s\t%s\n' "$word" "${pid:-nothing}"
  fi
  # (while another yum runs it would wait)
  if [[ -z $word ]]; then list_unresolved; fi
  for file in /var/lib/yum/transaction-all.*; do
    if [[ -e $file ]]; then printf 'unfinished\t%s\n' "${file##*/}"; fi
  done
  names=$(rpm --query --all --queryformat '%{NAME}.%{ARCH}\n' 2>&1) || status=$?
  if ((status > 0)) || [[ $names == *'error: '* || -z $names ]]; then
    printf 'database\t%s\n' "${names##*$'\n'}"
  else
    sort <<<"$names" | uniq --repeated | awk '!/^(kernel|kmod-|gpg-pubkey)/ { print "double\t" $0 }'
  fi
  # each file system once: /usr is one of its own on hardened hosts
  df --output=target,avail / /usr /var /boot | awk 'NR > 1 && !seen[$1]++ { print "free\t" $1 "\t" $2 }'
  printf 'unit\tpackagekit.service\t%s\n' "$(systemctl is-active packagekit.service)"
  printf 'unit\tpuppet.service\t%s\n' "$(systemctl is-active puppet.service)"
  if [[ $1 == node ]]; then
    printf 'unit\tos-collect-config.service\t%s\n' "$(systemctl is-active os-collect-config.service)"
    list_patched_modules | sed 's/^/patched\t/'
    read_special_cases
  fi
  printf 'whole\t%s\n' "$1"
}

# Run by root: what the packages on offer require and no repository has, a row each. The dependencies are resolved, and nothing is done; yum ends
# with 1 in either case.
list_unresolved() {
  local said
  said=$(yum --quiet --assumeno update 2>&1) || :
  awk '
    /^Error: / { if (row != "") print row; row = "unresolved\t" substr($0, 8) }
    row != "" && /^ +Requires: / { sub(/^ +/, ""); row = row " " $0 }
    END { if (row != "") print row }' <<<"$said"
}

# Run by root: what yum_update.sh does with two packages before it calls yum, once the node has left its cluster, and ends over.
read_special_cases() {
  local said status=0
  said=$(rpm --query --scripts iptables-services) || :
  if [[ $said == *systemctl*try-restart* ]]; then
    said=$(yumdownloader --quiet --urls iptables-services 2>&1) || :
    if [[ $said != *.x86_64.rpm* ]]; then printf 'download\t%s\n' "${said##*$'\n'}"; fi
  fi
  if [[ ! -s /etc/os-net-config/config.json || $(yum --quiet check-update os-net-config) != *os-net-config* ]]; then return; fi
  said=$(os-net-config --noop --config-file /etc/os-net-config/config.json --detailed-exit-codes 2>&1) || status=$?
  # 2: it would change files
  if ((status != 0 && status != 2)); then printf 'network\t%s\n' "${said##*$'\n'}"; fi
}

# judge_yum NODE: the rows on stdin. yum_update.sh refuses wherever /var/run/yum.pid is, though nothing runs.
judge_yum() {
  local word value more whole=no
  while IFS=$'\t' read -r word value more; do
    case $word in
      running) fail "$1: yum is running (process $value)" "wait for it to end, or find out who started it ;; on $1: ps -fp $(quoted "$value")" ;;
      stale)
        fail "$1: /var/run/yum.pid is left over from a yum that no longer runs (process $value), and it blocks the update" \
          "on $1: sudo rm /var/run/yum.pid"
        ;;
      unfinished)
        fail "$1: an earlier yum run did not finish: /var/lib/yum/$value" \
          "on $1: sudo yum-complete-transaction --cleanup-only; sudo package-cleanup --problems"
        ;;
      database) fail "$1: rpm cannot read its database: $value" "on $1: sudo rm --force /var/lib/rpm/__db.*; sudo rpm --rebuilddb" ;;
      double)
        warn "$1: $value is installed twice, as after an interrupted update" \
          "on $1: sudo package-cleanup --dupes; sudo package-cleanup --cleandupes"
        ;;
      unresolved)
        fail "$1: yum cannot resolve the update: $value" \
          "publish what is required, or remove the package if nothing uses it ;; on $1: sudo yum --assumeno update"
        ;;
      download)
        fail "$1: iptables-services cannot be downloaded, and the node's update ends there: $value" \
          "publish its rpm; without yumdownloader, install yum-utils ;; on $1: yumdownloader --urls iptables-services"
        ;;
      network)
        fail "$1: os-net-config refuses its configuration, and the node's update ends there: $value" \
          "on $1: sudo os-net-config --noop --config-file /etc/os-net-config/config.json"
        ;;
      free) judge_room "$1" "$value" "$more" ;;
      unit) judge_unit_beside_yum "$1" "$value" "$more" ;;
      patched) judge_patched_module "$1" "$value" ;;
      whole) whole=yes ;;
    esac
  done
  if [[ $whole == no ]]; then fail "$1: its answer about yum cannot be read" "check $1, then run this check again"; fi
}

# judge_room NODE PLACE KIB: yum needs room for what it downloads and installs; a kernel with its initramfs goes to /boot.
judge_room() {
  local kib=$3 floor=2097152 place remedy
  quote_into place "$2"
  remedy="sudo du -xsh $place/* | sort -h; sudo yum clean packages"
  if [[ $2 == /boot ]]; then floor=102400 remedy='sudo package-cleanup --oldkernels --count=2'; fi
  numbers kib || {
    fail "$1: cannot determine the free space of $2" "on $1: df $place"
    return
  }
  if ((kib < floor)); then fail "$1: $2 has $((kib / 1024)) MiB left, but the update needs at least $((floor / 1024)) MiB" "on $1: $remedy"; fi
}

judge_unit_beside_yum() {
  case $2 in
    os-collect-config.service)
      if [[ $3 != active ]]; then
        fail "$1: os-collect-config is $3, so that the update would never reach the node" \
          "on $1: sudo systemctl status os-collect-config; sudo journalctl -u os-collect-config -n 50; sudo systemctl start os-collect-config"
      fi
      ;;
    packagekit.service)
      if [[ $3 == active ]]; then fail "$1: PackageKit is running, and takes yum's lock" "on $1: sudo systemctl mask --now packagekit"; fi
      ;;
    puppet.service)
      if [[ $3 == active ]]; then
        warn "$1: a puppet agent is running beside the director's puppet" "start it again after the chapter ;; on $1: sudo systemctl stop puppet"
      fi
      ;;
  esac
}

# 手順の一覧。列: 番号、NAME、種別、影響、設定を切り替える区間 (opens 開始、body 途中、closes 終了)、NAME_verify の期限 (秒)、タイトル。
steps <<'STEPS'
2.00/1   nodes_answer               check    low         -                  60    全ノードの ssh 応答、ホスト鍵、ホスト名の確認
2.00/2   releases                   check    low         -                  60    OS と OpenStack Platform のリリースの確認
2.00/3   nodes_match                check    low         -                  60    実環境と spec のノード・サービスの一致の確認
2.00/4   compute_hosts              check    low         -                  60    各コンピュートの nova 上のホスト名の確認
2.00/5   deploy_files               check    low         -                  60    テンプレート、ロールファイル、環境ファイルの確認
2.00/6   stack_is_calm              check    low         -                  60    スタックの完了と進行中の操作がないことの確認
2.00/7   free_space                 check    low         -                  60    ディスク空き容量の確認
2.00/8   lasting_terminal           check    low         -                  60    切断に耐える端末 (tmux か screen) の確認
2.00/9   clocks                     check    low         -                  60    時刻同期の確認
2.00/10  package_offers             check    low         -                  60    2.10 で必要なパッケージがリポジトリーにあることの確認
2.00/11  unmovable_instances        check    low         -                  60    ライブマイグレーションできないインスタンスの確認
2.00/12  other_logins               check    low         -                  60    ほかにログイン中のユーザーの確認
2.00/13  ceph_flags                 check    low         -                  60    Ceph フラグの現在の状態
2.00/13a ceph_checks                check    low         -                  60    Ceph の正常性の確認 (変更の最後と同じ基準)
2.00/14  disabled_computes          check    low         -                  60    無効化されている Compute サービスの確認
2.00/15  cluster_switches           check    low         -                  60    フェンシングとクラスターのメンテナンスモードの確認
2.00/15a control_plane_health       check    low         -                  60    クラスター、Galera、RabbitMQ (再起動の前提となる状態) の確認
2.00/15b failed_services            check    low         -                  60    失敗したサービスと HAProxy から届かないサービスの確認
2.00/16  bare_metal_ready           check    low         -                  60    ベアメタルノードの電源状態とメンテナンスモードの確認
2.00/17  boot_images                check    low         -                  60    ベアメタルノードのデプロイイメージの確認
2.00/18  client_flavors             check    low         -                  60    フレーバー、プロファイル、ハイパーバイザー数の確認
2.00/19  yum_will_run               check    low         -                  60    yum の実行を妨げるものがないことの確認
STEPS
run_steps
