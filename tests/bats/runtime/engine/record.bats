#!/usr/bin/env bats
# record.sh: what is kept beyond a run is the old file or the new one, whatever ends the machine between.

load ../helpers.bash

setup() {
  bundle_up
  for name in dd mv sync; do
    tool "$name" "printf '%s\n' $name >>\"\$WORLD/order\"; exec $(type -P "$name") \"\$@\""
  done
}

@test "the text is on the disk before its name, and the name before the host may go down" {
  words 'write_record "$WORLD/kept/record" "one
two"; cat "$WORLD/kept/record"'
  same 'one|two' "$(paste -sd'|' <<<"$output")"
  same 'dd|mv|sync' "$(paste -sd'|' "$WORLD/order")"
  same 600 "$(stat -c %a "$WORLD/kept/record")"
}

@test "a line is added to what is there, and nothing of it is lost" {
  words 'append_record "$WORLD/record" first; append_record "$WORLD/record" second; cat "$WORLD/record"'
  same 'first|second' "$(paste -sd'|' <<<"$output")"
}

@test "a record that cannot be written is the old one, with nothing beside it" {
  echo old >"$WORLD/record"
  tool dd 'echo "dd: No space left on device" >&2; : >"${1#of=}"; exit 1'
  words 'for writer in write_record append_record; do "$writer" "$WORLD/record" new || printf "%s: %d\n" "$writer" "$?"; done'
  has 'write_record: 1'
  has 'append_record: 1'
  same old "$(cat "$WORLD/record")"
  [ ! -e "$WORLD/record.new" ]
}

@test "a folder gets its name once all in it is on the disk" {
  mkdir "$WORLD/.new"
  words 'publish_folder "$WORLD/.new" "$WORLD/set"'
  same 'sync|mv|sync' "$(paste -sd'|' "$WORLD/order")"
  [ -d "$WORLD/set" ]
}
