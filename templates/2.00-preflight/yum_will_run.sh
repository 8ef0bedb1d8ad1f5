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
