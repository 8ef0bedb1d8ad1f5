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

@test "what was on offer counts as brought in that version or a later one, as rpm orders them" {
  bundle_up
  words '. "$BUNDLE/lib/systems/offers.sh"
    while read -r installed recorded; do
      find_not_brought n1 "n1 bash $recorded" "bash $installed"
      printf "%s " "${SAID:-brought}"
    done <<<"4.2.46-29.el7_4 4.2.46-31.el7
4.2.46-31.el7 4.2.46-31.el7
4.2.46-32.el7 4.2.46-31.el7
4.2.9-1 4.2.46-31
1:1.0-1 2.0-1
2.0-1 1:1.0-1
2.6.1-10.git20161206.el7fdp 2.6.1-9.git20171206.el7fdp
1.0~rc1-1 1.0-1
1.0-1 1.0~rc1-1
1.0a-1 1.0-1
1.0-1 1.0a-1
1.0.1-1 1.0a-1
1.010-1 1.10-1
12.0.0-0.20170101 12.0-1
1.0-1.el7_4.2 1.0-1.el7"'
  same 'bash brought brought bash brought bash brought bash brought brought bash brought brought brought brought' "${output% }"
}

@test "of several installed versions the latest counts; what is not installed was not brought; other hosts are not asked" {
  bundle_up
  words '. "$BUNDLE/lib/systems/offers.sh"
    printf -v before "WHERE NAME VERSION\n%s %s\n" "n1 kernel" 3.10.0-862.el7 "n1 gone" 1-1 "n2 bash" 5-1
    printf -v installed "%s\n" "kernel 3.10.0-693.el7" "kernel 3.10.0-957.el7" "kernel 3.10.0-514.el7" "bash 4-1"
    find_not_brought n1 "$before" "$installed"; printf "%s" "$SAID"'
  same gone "$output"
}
