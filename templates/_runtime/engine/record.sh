# What this change must remember even with its journal lost: small files of root's on the undercloud, beside what they speak of.

RECORDS=/var/lib/osp-runbook/$CHANGE

# write_record FILE TEXT, run by root or by who owns the folder: whole, or not at all; and on the disk, since a machine
# may go down right after it.
write_record() {
  local file=$1 text=$2
  mkdir --parents -- "$(dirname -- "$file")" && printf '%s\n' "$text" >"$file.new" &&
    mv --no-target-directory -- "$file.new" "$file" && sync
}

# Run by root: the first record stands, so that a run that goes on knows what was before the first.
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

# find_record NAME: sets SAID: what was kept, nothing where there is none.
find_record() { hear_root read_record "$RECORDS/$1" || return 2; }
record() { printed find_record "$1"; }

forget_record() { sudo rm --force -- "$RECORDS/$1"; }
