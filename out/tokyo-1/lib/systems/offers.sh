# Packages on offer: what an update had to bring, and what was published since it began.
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

# offer_facts: run by root: `yum STATUS`, and `offer NAME VERSION` of each package; `installed NAME VERSION` of each, where yum fails. If nothing is on offer, yum ends with 0 and prints
# nothing; if it prints something, that follows the 0, so that yum_has_told does not take it for an answer.
offer_facts() {
  local offers status=0 printed=''
  offers=$(yum --quiet check-update "$@") || status=$?
  if ((status == 0)); then printed=$(awk 'NF { print ", and it prints: " $0; exit }' <<<"$offers"); fi
  printf 'yum %d%s\n' "$status" "$printed"
  offers_in "$offers" | sed 's/^/offer /'
  if ((status != 0 && status != 100)); then rpm --query --all --queryformat 'installed %{NAME} %{EVR}\n' | sed 's/ 0:/ /'; fi
}
offer_facts_on() { as_root_on "$1" offer_facts; }

# yum_has_told WHERE FACTS: yum ended with 0 or 100; after any other status it cannot tell.
yum_has_told() {
  find_fact yum "$2" || return 2
  case $SAID in
    0 | 100) ;;
    *)
      why "yum cannot tell what is on offer on $1 (exit $SAID)" "see that the repositories are reachable ;; on $1: sudo yum repolist"
      return 2
      ;;
  esac
}

# offers_are_installed WHERE BEFORE FACTS [PACKAGE...]: where yum cannot tell: all that was on offer before, or these of it, is installed in that
# very version. A repository that is silent today does not undo an update. Otherwise 2, with the reason that is there.
offers_are_installed() {
  local where=$1 before=$2
  find_fact installed "$3" || return 2
  shift 3
  [[ -n $before && -n $SAID ]] || return 2
  awk -v where="$where" -v names=" $* " '
    FNR == NR { there[$0]; next }
    $1 == where && (names == "  " || index(names, " " $2 " ")) && !(($2 " " $3) in there) { left = 1 }
    END { exit left }' <(printf '%s\n' "$SAID") <(printf '%s\n' "$before") || return 2
  if [[ $where == undercloud ]]; then where='the undercloud'; fi
  besides "the repositories of $where do not answer: what was published since the update is unknown" 'nothing is to be done for this change'
}

LEFT='' PUBLISHED_LATER=''

# sort_offers WHERE BEFORE FACTS: sets LEFT to what is on offer and was so before, PUBLISHED_LATER to what was published since, `NAME VERSION` a line.
# BEFORE has `WHERE NAME VERSION` a line; where nothing was kept all of it counts as left.
sort_offers() {
  local offer
  LEFT='' PUBLISHED_LATER=''
  find_fact offer "$3" || return 2
  while IFS= read -r offer; do
    if [[ -z $offer ]]; then
      continue
    elif [[ -z $2 ]] || has_line "$1 $offer" "$2"; then
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
    yum_has_told "$node" "$facts" || return 2
    list_offers "$node" "$facts" || return 2
  done
}

# list_undercloud_offers: the same for the undercloud.
list_undercloud_offers() {
  local facts
  : >"$SCRATCH/offers" || return 2
  hear_root offer_facts || return 2
  facts=$SAID
  yum_has_told 'the undercloud' "$facts" || return 2
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
  if ! yum_has_told 'the undercloud' "$facts"; then
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
