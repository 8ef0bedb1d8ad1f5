# Files of packages that the site has patched in place: an update overwrites them without a word. They are found by rpm's own digests and kept by
# root before yum runs; those of the undercloud are named before its services are stopped, those of the nodes on the first day.
#
# Only packages that sites patch and that the update will replace are verified, OpenStack's own and what it drives: for all of them a minute is
# enough, while the archives of the images, gigabytes of them, are not patched in place. A %config file does not count: rpm keeps a changed one.

PATCHED_FILES=/var/lib/osp-runbook/$CHANGE/patched-files

# find_packages_to_replace PACKAGE: sets SAID: those of OpenStack that yum would update, one per line; of this one alone, or, if it is '', of any.
find_packages_to_replace() {
  local facts
  hear_root offer_facts || return 2
  facts=$SAID
  yum_has_told 'the undercloud' "$facts" || return 2
  find_fact offer "$facts" || return 2
  SAID=$(awk -v only="$1" '
    only != "" && $1 != only { next }
    $1 ~ /^rhosp-director-images/ { next }
    $1 ~ /^(openstack|python2?|puppet|instack|os|tripleo|heat|ironic|dib|rhosp|diskimage|ipxe|fence-agents|resource-agents|rabbitmq|mod)-[A-Za-z0-9._+-]+$/ ||
      $1 ~ /^(haproxy|dnsmasq|openvswitch|memcached|syslinux|puppet|sos|cloud-init)$/ { print $1 }' <<<"$SAID") || return 2
}

# Run by root. list_patched_files SECONDS PACKAGE...: the files whose content is not the package's, or that are links to the site's own, one per
# line; `unfinished` at the end if time was up (0: no limit). What Python compiles beside a module is left out.
list_patched_files() {
  local limit=$1 rows
  local -i status=0
  shift
  rows=$(timeout "$limit" rpm --verify --nodeps --noscripts "$@") || status=$?
  # it ends with 1 where something differs, and where it cannot look
  if ((status != 0 && status != 124)) && [[ -z $rows ]]; then return "$status"; fi
  awk '(substr($0, 3, 1) == "5" || substr($0, 5, 1) == "L") && /^[.?SM5DLUGTP]+ / && substr($0, 12, 1) !~ /[cg]/ && !/\.py[co]$/ {
    path = substr($0, 14)
    if (path ~ /^\// && path !~ /\/\.\.\//) print path
  }' <<<"$rows"
  if ((status == 124)); then printf 'unfinished\n'; fi
}

# show_patched_files: for the question before the services are stopped.
show_patched_files() {
  local path
  local -a names
  find_packages_to_replace '' || return 2
  if [[ -z $SAID ]]; then return 0; fi
  mapfile -t names <<<"$SAID"
  hear_root list_patched_files 240 "${names[@]}" || return 2
  while IFS= read -r path; do
    case $path in
      /*) printf 'patched in place, and overwritten by the update: %s; it will be kept in %s\n' "$path" "$PATCHED_FILES" ;;
      unfinished) printf 'rpm has not verified every package within 240 s: what was patched in place is kept all the same before yum runs\n' ;;
    esac
  done <<<"$SAID"
}

# keep_patched_files PACKAGE: in an apply, just before yum; of this one alone, or, if it is '', of all.
keep_patched_files() {
  local packages paths
  local -a names
  packages=$(printed find_packages_to_replace "$1")
  if [[ -z $packages ]]; then return; fi
  mapfile -t names <<<"$packages"
  paths=$(as_root list_patched_files 0 "${names[@]}")
  if [[ -z $paths ]]; then return; fi
  mapfile -t names <<<"$paths"
  as_root copy_patched_files "$PATCHED_FILES" "${names[@]}"
}

# Run by root. If a file was patched again since it was kept, both are kept.
copy_patched_files() {
  local folder=$1 path
  shift
  mkdir --parents -- "$folder"
  chmod 0700 -- "$folder"
  for path in "$@"; do
    # a link to nowhere, or to a folder, has no content to keep
    if [[ ! -f $path ]] || cmp --silent -- "$path" "$folder$path"; then continue; fi
    cp --parents --preserve --backup=numbered -- "$path" "$folder"
    printf 'patched in place, saved in %s: %s\n' "$folder" "$path"
  done
  sync
}

# Run by root. list_replaced_files FOLDER: of the files that were kept, those that differ now.
list_replaced_files() {
  local folder=$1 kept
  if [[ ! -d $folder ]]; then return; fi
  while IFS= read -r -d '' kept; do
    if ! cmp --silent -- "$kept" "${kept#"$folder"}"; then printf '%s\n' "${kept#"$folder"}"; fi
  done < <(find "$folder" -type f ! -name '*.~[0-9]*~' -print0 | LC_ALL=C sort --zero-terminated)
}

# Run by root on a node: of what the director's deployments call there, and sites patch: puppet's modules and their neighbours.
list_patched_modules() {
  local -a names=()
  mapfile -t names < <(rpm --query --all --queryformat '%{NAME}\n' | awk '/^(puppet|os|fence-agents|python-heat-agent)-|^(puppet|resource-agents)$/ && !seen[$0]++')
  if ((${#names[@]} > 0)); then list_patched_files 120 "${names[@]}"; fi
}

# Run by root on a node, before its update.
copy_patched_modules() {
  local paths
  local -a names=()
  paths=$(list_patched_modules)
  mapfile -t names < <(grep '^/' <<<"$paths")
  if ((${#names[@]} > 0)); then copy_patched_files "$1" "${names[@]}"; fi
}

# keep_patched_modules: in an apply, before the nodes are updated; on each of them.
keep_patched_modules() {
  local node status
  gather all as_root_on copy_patched_modules "$PATCHED_FILES"
  for node in "${NODES[@]}"; do
    if ! node_is "$node" all; then continue; fi
    status=$(gathered_status "$node")
    if [[ $status != 0 ]]; then
      give_up "the files that were patched in place on $node cannot be saved: $(last_words "$SCRATCH/gather/$node.err" "$status")"
    fi
    gathered "$node" | sed "s/^/$node: /"
  done
}

# judge_patched_module NODE PATH: for the first day; a line of list_patched_modules.
judge_patched_module() {
  case $2 in
    /*)
      warn "$1: $2 was patched in place, and the update overwrites it" \
        "it is kept on the node before; if the update itself needs the patch, a program of the site's own can bring the new package and patch that: hooks: {before_update: ...} in the spec ;; on $1: rpm --query --file $(quoted "$2")"
      ;;
    unfinished) warn "$1: rpm has not verified puppet's modules within 120 s" "on $1: sudo rpm --verify puppet-tripleo" ;;
  esac
}

# judge_replaced_modules NODE: after the update; what list_replaced_files says on stdin.
judge_replaced_modules() {
  local path
  while IFS= read -r path; do
    if [[ $path != /* ]]; then continue; fi
    warn "$1: the update has replaced $path, which was patched in place" \
      "patch it again if it is still needed ;; on $1: sudo diff -u $PATCHED_FILES$(quoted "$path") $(quoted "$path")"
  done
}

# judge_patched_files: for a check after the update.
judge_patched_files() {
  local path
  if ! hear_root list_replaced_files "$PATCHED_FILES"; then
    fail 'cannot tell which patched files were replaced' "sudo ls -R $PATCHED_FILES"
    return
  fi
  while IFS= read -r path; do
    if [[ -z $path ]]; then continue; fi
    warn "the update has replaced $path, which was patched in place" \
      "patch it again if it is still needed ;; here: sudo diff -u $PATCHED_FILES$(quoted "$path") $(quoted "$path")"
  done <<<"$SAID"
}
