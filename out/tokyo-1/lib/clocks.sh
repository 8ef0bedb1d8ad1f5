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
    'ntpstat ended with 1' | 'Not synchronised') not_yet "$1: the clock is not synchronised" "on $1: ntpq -pn, or chronyc sources" ;;
    'ntpstat ended with 2') not_yet "$1: ntpd does not answer, so nobody knows whether the clock is right" "on $1: systemctl status ntpd" ;;
    'ntpstat ended with 127') warn "$1: neither chronyd nor ntpstat is there" "on $1: install ntp, or say in the spec why the clock is right" ;;
    *) fail "$1: the clock's state cannot be told" "on $1: ntpstat; chronyc tracking" ;;
  esac
}
