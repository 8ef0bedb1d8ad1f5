# Disk space. What is read: `df --output=source,fstype,pcent,ipcent,avail,target`, sizes in KiB.

# judge_disks NODE: fill levels, of blocks and of inodes, against the spec's thresholds. Read-only images are always full.
judge_disks() {
  local levels level used kind target avail
  if ! levels=$(disk_levels); then
    fail "$1: what df says cannot be read" "on $1: df"
    return
  fi
  while read -r level used kind target avail; do
    "$level" "$1: $target is $used % full ($kind), $avail left" "make room on $1 under $target"
  done < <(grep . <<<"$levels")
}

# disk_levels: LEVEL USED KIND TARGET AVAILABLE for each file system over a threshold; fails where df named none.
disk_levels() {
  awk -v warn="$DISK_WARN" -v fail="$DISK_FAIL" '
    function say(kind, text) {
      used = text + 0
      if (text ~ /^[0-9]+%$/ && used >= warn)
        printf "%s %d %s %s %.1fGiB\n", (used >= fail ? "fail" : "warn"), used, kind, $6, $5 / 1048576
    }
    NR > 1 && $2 != "iso9660" && $2 != "squashfs" { say("space", $3); say("inodes", $4) }
    END { exit NR < 2 }'
}

# kibibytes_free DIRECTORY: on its file system, or on that of its nearest parent that exists.
kibibytes_free() {
  local folder=$1 free
  while [[ ! -d $folder ]]; do folder=$(dirname -- "$folder"); done
  free=$(df --output=avail -- "$folder") || return 2
  awk 'END { print $1 + 0 }' <<<"$free"
}
