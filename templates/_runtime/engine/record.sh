# What this change must remember even if its journal is lost: small files of root, on the undercloud or on the node they describe.

RECORDS=/var/lib/osp-runbook/$CHANGE

# write_record FILE TEXT, run by root or by the owner of the folder: whole, or not at all; and synced to the disk, since
# a host may go down right after it.
write_record() {
  local file=$1 text=$2
  mkdir --parents -- "$(dirname -- "$file")" && printf '%s\n' "$text" >"$file.new" &&
    mv --no-target-directory -- "$file.new" "$file" && sync
}

# add_to_record FILE LINE, run as write_record is: a line that a full disk cut short would take the next one with it.
add_to_record() {
  local text=''
  if [[ -e $1 ]]; then text=$(<"$1"); fi
  write_record "$1" "${text:+$text$'\n'}$2"
}

# Run by root: an existing record is kept, so that a later run knows the state before the first.
write_first_record() {
  if [[ -e $1 ]]; then return; fi
  write_record "$@"
}

# Run by root. A record that is not there is empty.
read_record() {
  if [[ -e $1 ]]; then cat -- "$1"; fi
}

# keep_record NAME TEXT
keep_record() { as_root write_record "$RECORDS/$1" "$2"; }

# find_record NAME: sets SAID to what was kept, or to nothing.
find_record() { hear_root read_record "$RECORDS/$1" || return 2; }
record() { printed find_record "$1"; }

# forget_record NAME: the undercloud's record of that name is removed.
forget_record() { sudo rm --force -- "$RECORDS/$1"; }
