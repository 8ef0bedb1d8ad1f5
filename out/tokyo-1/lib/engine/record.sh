# What this change must remember even if its journal is lost: small files of root, on the undercloud or on the node they describe.
#
# Whatever is kept beyond a run is written by a function of this file, so that a power cut leaves the old file or the new one, and never
# half of it, or an empty one: a rename can reach the disk before what the file holds.

RECORDS=/var/lib/osp-runbook/$CHANGE

# replace_file FILE: stdin becomes the file: whole, or not at all. The text is on the disk before the name is.
replace_file() {
  if dd of="$1.new" conv=fsync status=none && mv --no-target-directory -- "$1.new" "$1"; then return 0; fi
  rm --force -- "$1.new"
  return 1
}

# write_record FILE TEXT, run by root or by the owner of the folder: its name is on the disk too, since a host may go down right after it.
write_record() {
  mkdir --parents -- "${1%/*}" && replace_file "$1" <<<"$2" && timeout 3600 sync
}

# append_record FILE LINE: as write_record, with what is there already before it.
append_record() {
  local before=''
  if [[ -s $1 ]]; then before=$(<"$1") || return; fi
  write_record "$1" "$before${before:+$'\n'}$2"
}

# publish_folder FOLDER NAME: a folder that was filled under another name gets its own, once all in it is on the disk.
publish_folder() {
  timeout 3600 sync && mv --no-target-directory -- "$1" "$2" && timeout 3600 sync
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
