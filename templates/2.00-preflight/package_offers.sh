# What the repositories lack fails in the middle of the night, in 2.04 or 2.06, or unseen until 2.10.
package_offers_check() {
  judge_undercloud judge_offers read_offers "${CHECKED_PACKAGES[@]}" "${CHANNEL_PACKAGES[@]}"
  judge_nodes all judge_offers read_offers "${CHECKED_PACKAGES[@]}" "${CHANNEL_PACKAGES[@]}"
  keep_versions versions-before
  keep_software before
  warn_of_unlisted
  pass_unless_found "the repositories of the undercloud and of all $(count_of all) nodes provide the versions that 2.10 requires"
}

# Run by root: what keeps packages back, then each version that a repository holds, the installed one too: a package without one has lost
# its repository.
read_offers() {
  list_held
  ask_yum --showduplicates list "$@"
}
