# What an update brings and takes: the packages on offer, what was published since it began, and files patched in place, which it overwrites.
#
# A site whose repositories follow the vendor's is offered something new every few days. Whether an update has done its work is decided by
# what was on offer when it began; what was published since is reported, and does not count.

# offers_in TEXT: `NAME VERSION` of each package in `yum -q check-update`. A row that is too long continues in the next line; the obsoleting
# packages that it lists again are not counted.
offers_in() {
  awk '/^Obsoleting/ { exit }
    /^[^[:space:]]/ { name = $1 ~ /\../ ? $1 : ""; version = $2 }
    /^[[:space:]]/ && version == "" { version = $1 }
    name != "" && version != "" { sub(/\.[^.]*$/, "", name); print name, version; name = "" }' <<<"$1"
}

# offer_facts: run by root: `yum STATUS`, and of each package on offer `offer NAME VERSION` and `installed NAME VERSION`; where yum fails, the latter
# of all. If nothing is on offer, yum ends with 0 and prints nothing; if it prints something, that follows the 0, so that yum_gave_offers does not
# take it for an answer.
offer_facts() {
  local offers status=0 printed=''
  local -a asked=(--all)
  offers=$(yum --quiet check-update "$@") || status=$?
  if ((status == 0)); then printed=$(awk 'NF { print ", and it prints: " $0; exit }' <<<"$offers"); fi
  printf 'yum %d%s\n' "$status" "$printed"
  offers=$(offers_in "$offers")
  if [[ -n $offers ]]; then printf 'offer %s\n' "${offers//$'\n'/$'\n'offer }"; fi
  if ((status == 100)); then mapfile -t asked < <(cut --delimiter=' ' --fields=1 <<<"$offers"); fi
  if ((status != 0)); then rpm --query --queryformat 'installed %{NAME} %{EVR}\n' "${asked[@]}" | sed 's/ 0:/ /'; fi
}
offer_facts_on() { as_root_on "$1" offer_facts; }

# yum_gave_offers WHERE FACTS: yum ended with 0 or 100; after any other status it cannot tell.
yum_gave_offers() {
  find_fact yum "$2" || return 2
  case $SAID in
    0 | 100) ;;
    *)
      why "yum cannot tell what is on offer on $1 (exit $SAID)" "see that the repositories are reachable ;; on $1: sudo yum repolist"
      return 2
      ;;
  esac
}

# offers_are_installed WHERE BEFORE FACTS [PACKAGE...]: where yum cannot tell: all that was on offer before, or these of it, is installed. A
# repository that is silent today does not undo an update. Otherwise 2, with the reason that is there.
offers_are_installed() {
  local where=$1 name
  find_fact installed "$3" || return 2
  [[ -n $2 && -n $SAID ]] || return 2
  find_not_brought "$1" "$2" "$SAID" || return 2
  shift 3
  for name in $SAID; do
    if (($# == 0)) || [[ " $* " == *" $name "* ]]; then return 2; fi
  done
  if [[ $where == undercloud ]]; then where='the undercloud'; fi
  besides "the repositories of $where do not answer: what was published since the update is unknown" 'nothing is to be done for this change'
}

# find_not_brought WHERE BEFORE INSTALLED: sets SAID: the names of BEFORE, of which neither the version that was on offer nor a later one is
# installed. A later offer hides the one before, so that what is on offer now does not say it.
#
# order() makes of a version a text that sorts as rpm orders versions: `~`, the end of epoch, version or release, letters, numbers.
find_not_brought() {
  SAID=$(LC_ALL=C awk -v where="$1" '
    function order(version,  sorted, word) {
      if (version !~ /:/) version = "0:" version
      while (match(version, /[-:~]|[0-9]+|[A-Za-z]+/)) {
        word = substr(version, RSTART, RLENGTH)
        version = substr(version, RSTART + RLENGTH)
        if (word ~ /[A-Za-z]/) word = "2" word
        else if (sub(/^0*/, "", word) && word ~ /^[0-9]*$/) word = sprintf("3%02d%s", length(word), word)
        else word = word == "~" ? "0" : "1"
        sorted = sorted word
      }
      return sorted "1"
    }
    FNR == NR { if (order($2) > newest[$1]) newest[$1] = order($2); next }
    $1 == where && newest[$2] < order($3) { print $2 }' <(printf '%s\n' "$3") <(printf '%s\n' "$2")) || return 2
}

LEFT='' PUBLISHED_LATER=''

# sort_offers WHERE BEFORE FACTS: sets LEFT to what is on offer and was to be brought, PUBLISHED_LATER to what was published since, `NAME VERSION` a
# line. BEFORE has `WHERE NAME VERSION` a line; where nothing was kept all of it counts as left.
sort_offers() {
  local offer not_brought
  LEFT='' PUBLISHED_LATER=''
  find_fact installed "$3" || return 2
  find_not_brought "$1" "$2" "$SAID" || return 2
  not_brought=$SAID
  find_fact offer "$3" || return 2
  while IFS= read -r offer; do
    if [[ -z $offer ]]; then
      continue
    elif [[ -z $2 ]] || has_line "${offer% *}" "$not_brought"; then
      LEFT+=${LEFT:+$'\n'}$offer
    else
      PUBLISHED_LATER+=${PUBLISHED_LATER:+$'\n'}$offer
    fi
  done <<<"$SAID"
}

# first_offers LINES: sets SAID: the first five of them in one line.
first_offers() {
  SAID=$(awk 'NR <= 5 { printf "%s%s-%s", comma, $1, $2; comma = ", " } END { if (NR > 5) printf ", and %d more", NR - 5 }' <<<"$1")
}

# tell_of_later WHERE LATER: said beside the answer.
tell_of_later() {
  if [[ -z $2 ]]; then return 0; fi
  first_offers "$2" || return 2
  besides "published since the update began, and not part of this change: on $1 $SAID" \
    'nothing is to be done for this change; it is for the next update of the site'
}

# keep_offers NAME LISTER: inside an apply, before an update begins: keeps what is on offer now as the record NAME.
keep_offers() {
  local rows
  insist "$2"
  rows=$(<"$SCRATCH/offers")
  keep_record "$1" "WHERE NAME VERSION${rows:+$'\n'}$rows"
}

# list_nodes_offers: a question, whose list is in $SCRATCH/offers.
list_nodes_offers() {
  local node facts
  : >"$SCRATCH/offers" || return 2
  gather all offer_facts_on
  for node in "${NODES[@]}"; do
    if ! node_is "$node" all; then continue; fi
    find_gathered_status "$node" || return 2
    if [[ $SAID != 0 ]]; then
      why "$node does not answer, so what is on offer there is unknown" "$WHERE_A_NODE_IS_SILENT"
      return 2
    fi
    find_gathered "$node" || return 2
    facts=$SAID
    yum_gave_offers "$node" "$facts" || return 2
    list_offers "$node" "$facts" || return 2
  done
}

# list_undercloud_offers: the same for the undercloud.
list_undercloud_offers() {
  local facts
  : >"$SCRATCH/offers" || return 2
  hear_root offer_facts || return 2
  facts=$SAID
  yum_gave_offers 'the undercloud' "$facts" || return 2
  list_offers undercloud "$facts"
}

list_offers() { sed --quiet "s/^offer /$1 /p" <<<"$2" >>"$SCRATCH/offers"; }

# undercloud_updated [PACKAGE...]: nothing is on offer here, of these or of any, that already was before this change's update of the
# undercloud; if this change has updated nothing yet, nothing at all is on offer.
undercloud_updated() {
  local before facts
  find_record offers-undercloud || return 2
  before=$SAID
  hear_root offer_facts "$@" || return 2
  facts=$SAID
  if ! yum_gave_offers 'the undercloud' "$facts"; then
    offers_are_installed undercloud "$before" "$facts" "$@" || return 2
    why 'all that was on offer before this change is installed'
    return 0
  fi
  sort_offers undercloud "$before" "$facts" || return 2
  first_offers "$LEFT" || return 2
  why "updates are on offer on the undercloud: $SAID"
  [[ -z $LEFT ]] || return 1
  why "nothing${before:+ that this change had to bring} is on offer${1:+ of $*}"
  tell_of_later 'the undercloud' "$PUBLISHED_LATER"
}

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
  yum_gave_offers 'the undercloud' "$facts" || return 2
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
  paths=$(patiently as_root list_patched_files 0 "${names[@]}")
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
  local folder=$1 copy
  if [[ ! -d $folder ]]; then return; fi
  while IFS= read -r -d '' copy; do
    if ! cmp --silent -- "$copy" "${copy#"$folder"}"; then printf '%s\n' "${copy#"$folder"}"; fi
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
