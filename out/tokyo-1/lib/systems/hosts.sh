# What a host has room for, and what runs on it. Sizes are powers of ten, as the spec has them.

# Run by root. One that another host serves may hang; what lives in memory does not count.
list_disks() { timeout 60 df --output=source,fstype,pcent,ipcent,avail,target -x overlay -x tmpfs -x devtmpfs; }

# judge_disks NODE: fill levels, of blocks and of inodes, against the spec's thresholds. Read-only images are always full.
judge_disks() {
  local levels level used kind target avail
  if ! levels=$(disk_levels); then
    fail "$1: what df says cannot be read" "on $1: df"
    return
  fi
  while read -r level used kind target avail; do
    "$level" "$1: $target is $used % full ($kind), ${avail/_/ } left" "make room on $1 under $target"
  done < <(grep . <<<"$levels")
}

# disk_levels: of what list_disks prints, sizes in KiB: LEVEL USED KIND TARGET AVAILABLE for each file system over a threshold; fails where df named none.
disk_levels() {
  awk -v warn="$DISK_WARN" -v fail="$DISK_FAIL" '
    function say(kind, text) {
      used = text + 0
      if (text ~ /^[0-9]+%$/ && used >= warn)
        printf "%s %d %s %s %.1f_GB\n", (used >= fail ? "fail" : "warn"), used, kind, $6, $5 * 1024 / 1e9
    }
    NR > 1 && $2 != "iso9660" && $2 != "squashfs" { say("space", $3); say("inodes", $4) }
    END { exit NR < 2 }'
}

# Run by root: what is free where this folder is, or will be.
free_bytes() {
  local place=$1
  while [[ ! -e $place ]]; do place=$(dirname -- "$place"); done
  df --output=avail --block-size=1 -- "$place" | awk 'NR == 2 { print $1 }'
}

# room_for PLACE FREE BYTES [FLOOR_GB]: 1.2 times what was measured, and never less than the floor.
room_for() {
  local free=$2 bytes=$3 need
  numbers free bytes || return 2
  need=$(awk -v bytes="$bytes" -v floor="${4:-0}" 'BEGIN { need = bytes * 1.2; if (need < floor * 1e9) need = floor * 1e9; printf "%.0f", need }') || return 2
  numbers need || return 2
  why "$1 has $(bytes_shown "$free") free, but $(bytes_shown "$need") are needed" "free some space, or choose another folder"
  ((free >= need))
}

# 4.0 GB, 512.0 MB, 12.3 kB
bytes_shown() {
  awk -v bytes="$1" 'BEGIN {
    unit = bytes >= 1e9 ? "GB" : bytes >= 1e6 ? "MB" : "kB"
    printf "%.1f %s", bytes / (unit == "GB" ? 1e9 : unit == "MB" ? 1e6 : 1e3), unit
  }'
}

# Clocks. What is read: `chronyc tracking`, or the line `ntpstat ended with N`.

# Run by root: of the daemon that runs there.
read_clock() {
  local status=0
  if [[ $(systemctl is-active chronyd) == active ]]; then
    chronyc tracking
    return
  fi
  ntpstat || status=$?
  printf 'ntpstat ended with %d\n' "$status"
}

# judge_clock NODE
judge_clock() {
  case $(awk -F ' *: *' '
    /^ntpstat ended with/ { word = $0 }
    $1 == "Leap status" { word = $2 }
    END { print word }') in
    'ntpstat ended with 0' | Normal | 'Insert second' | 'Delete second') ;;
    'ntpstat ended with 1' | 'Not synchronised') not_yet "$1: the clock is not synchronised" "on $1: ntpq -pn || chronyc sources" ;;
    'ntpstat ended with 2') not_yet "$1: ntpd does not answer, so the clock may be wrong" "on $1: systemctl status ntpd" ;;
    'ntpstat ended with 127') warn "$1: neither chronyd nor ntpstat is installed" "install one, or say in the spec why the clock is right ;; on $1: sudo yum install ntp" ;;
    *) fail "$1: the clock's state is unknown" "on $1: ntpstat; chronyc tracking" ;;
  esac
}

# Systemd units. What is read: `systemctl list-units --state=failed --no-legend`, which ends with 0 whether or not any failed.

# The guide's units of the overcloud's nodes.
SERVICE_UNITS=('openstack*' 'neutron*' httpd docker 'ceph*')

# Run by root: list_failed_units UNIT...: of these, then `others` and all of them.
list_failed_units() {
  systemctl list-units --state=failed --no-legend "$@"
  printf 'others\n'
  systemctl list-units --state=failed --no-legend
}

# Names alone: a failed unit's line begins with a mark in some versions.
failed_units() { awk '{ for (i = 1; i <= 2; i++) if ($i ~ /\.[a-z]+$/) { print $i; next } }'; }

# judge_units NODE: the guide's units are a fail; of others that failed we only tell. The line `others` parts the two lists.
judge_units() {
  local answer named others listed
  answer=$(cat)
  if ! has_line others "$answer"; then
    fail "$1: the failed units cannot be listed" "on $1: sudo systemctl list-units --state=failed"
    return
  fi
  named=$(sed '/^others$/,$d' <<<"$answer" | failed_units | sort --unique)
  others=$(sed '0,/^others$/d' <<<"$answer" | failed_units | sort --unique | comm -13 <(printf '%s\n' "$named") -)
  if [[ -n $named ]]; then
    words_into listed "$named"
    fail "$1: failed: ${named//$'\n'/, }" "on $1: sudo systemctl status $listed"
  fi
  if [[ -n $others ]]; then
    words_into listed "$others"
    warn "$1: failed, not a service of OpenStack: ${others//$'\n'/, }" "on $1: sudo systemctl status $listed"
  fi
}

# no_process_like COMMAND: it does not run from an earlier session, whoever began it; an editor with these words in its line is not it.
no_process_like() {
  local found status=0
  found=$(pgrep --full --list-full "^([^ ]*python[^ ]* )?([^ ]*/)?$1") || status=$?
  if ((status > 1)); then return 2; fi
  why "already running: $found" 'wait until it ends; its log is in the state folder'
  [[ -z $found ]]
}
