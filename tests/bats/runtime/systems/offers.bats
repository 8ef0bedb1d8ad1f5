# Files of packages that were patched in place are kept before yum writes over them.

load ../helpers

@test "a file that was patched once more since it was kept is kept beside the earlier one" {
  bundle_up
  local text
  for text in first second second; do
    printf 'the %s patch\n' "$text" >"$WORLD/module.pp"
    words '. "$BUNDLE/lib/systems/offers.sh"; cd /; copy_patched_files "$WORLD/kept" "$WORLD/module.pp"'
    exits 0
  done
  same 'the first patch,the second patch' "$(find "$WORLD/kept" -type f -exec cat {} + | sort | paste -sd,)"
}
