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
