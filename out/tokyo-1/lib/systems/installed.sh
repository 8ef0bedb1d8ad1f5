# Files of the bundle that are installed on the undercloud, beside the site's own templates.

RUNBOOK_TEMPLATES=$UNDERCLOUD_HOME/templates/osp-runbook

# is_installed FILE: the file of the bundle is there, byte for byte.
is_installed() {
  local status=0
  if [[ ! -e $RUNBOOK_TEMPLATES/$1 ]]; then
    why "$RUNBOOK_TEMPLATES/$1 is not there" "$(section_named prepare-nfv)"
    return 1
  fi
  why "$RUNBOOK_TEMPLATES/$1 is not the file of this bundle" "$(section_named prepare-nfv)"
  cmp --silent -- "$COPY/files/$1" "$RUNBOOK_TEMPLATES/$1" || status=$?
  if ((status == 0)); then why "$RUNBOOK_TEMPLATES/$1 is that of this bundle"; fi
  return "$status"
}

# install_file FILE: whole or not at all; the file that was there is kept, with the change and the time in its name.
install_file() {
  local file=$RUNBOOK_TEMPLATES/$1 when
  answer is_installed "$1"
  if [[ $ANSWER == yes ]]; then return; fi
  mkdir --parents -- "$RUNBOOK_TEMPLATES"
  if [[ -e $file ]]; then
    when=$(date +%Y%m%d-%H%M%S)
    cp --preserve -- "$file" "$file.before-$CHANGE-$when"
  fi
  install --mode=0644 -- "$COPY/files/$1" "$file.new"
  mv -- "$file.new" "$file"
}

# folder_is_ours FOLDER: it does not exist yet, or is a folder that we can write and not a symbolic link.
folder_is_ours() {
  why "$1 is not a directory writable by $UNDERCLOUD_USER" "ls -ld $1"
  [[ ! -L $1 && (! -e $1 || (-d $1 && -w $1)) ]]
}

# lacks_line FILE PATTERN REASON REMEDY: no line matches; if the file cannot be read, it cannot tell.
lacks_line() {
  local status=0
  grep --quiet --extended-regexp -- "$2" "$1" || status=$?
  case $status in
    0)
      why "$1: $3" "$4"
      return 1
      ;;
    1) return 0 ;;
    *)
      why "$1 cannot be read" "ls -l $1"
      return 2
      ;;
  esac
}
