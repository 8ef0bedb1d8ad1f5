# What the repositories do not hold fails in the middle of the night, in 2.04 or 2.06, or unseen until 2.10.
package_offers_check() {
  judge_undercloud judge_offers list_offers "${CHECKED_PACKAGES[@]}" "${CHANNEL_PACKAGES[@]}"
  judge_nodes all judge_offers list_offers "${CHECKED_PACKAGES[@]}" "${CHANNEL_PACKAGES[@]}"
  pass_unless_found "the repositories of the undercloud and of all $(count_of all) nodes offer what 2.10 asks for"
}

# Run by root: what keeps packages back, then `yum list`.
list_offers() {
  list_held
  list_packages "$@"
}

# `yum list` ends with 1 where it knows none of the names, and with 1 as well where it cannot reach a repository. With --showduplicates it has
# each version that a repository holds, the installed one too: what has none left has lost its repository.
list_packages() {
  local answer status=0
  answer=$(yum --quiet --showduplicates list "$@" 2>&1) || status=$?
  if ((status == 0)) || [[ $answer == *'No matching Packages to list'* ]]; then
    printf '%s\n' "$answer"
  else
    printf '%s\n' "$answer" >&2
    return "$status"
  fi
}
