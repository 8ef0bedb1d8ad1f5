# Two environment files that set the same parameter: the last one wins, and the guide's order of step 2.06/1 may have meant the other.

# find_guides_place FILE: sets SAID to where the guide puts a file of that name; nothing where it does not say. The site's own stand where they like.
find_guides_place() {
  case ${1##*/} in
    network-isolation* | overcloud-resource-registry-puppet.*) SAID=1 ;;
    network-environment* | net-single-nic* | net-bond* | net-multiple-nics* | net-2-linux-bonds* | nic-config*) SAID=2 ;;
    external-loadbalancer* | external-load-balancer*) SAID=3 ;;
    *storage-environment* | puppet-ceph[-.]* | ceph[-.]* | hyperconverged-ceph* | cinder-*) SAID=4 ;;
    environment-rhel-registration* | rhel-registration*) SAID=5 ;;
    *) SAID='' ;;
  esac
}

# parameters_in FILE: `NAME VALUE` of each of its parameter_defaults; `-` for a value that goes over more lines.
parameters_in() {
  awk '
    /^parameter_defaults:/ { inside = 1; indent = 0; next }
    /^[^[:space:]#]/ { inside = 0 }
    inside && match($0, /^ +[A-Za-z][A-Za-z0-9_]*:/) {
      at = match($0, /[^ ]/)
      if (!indent) indent = at
      if (at != indent) next
      name = substr($0, at)
      value = name
      sub(/:.*/, "", name)
      sub(/^[^:]*:[[:space:]]*/, "", value)
      print name, (value == "" ? "-" : value)
    }' "$1"
}

# judge_order_of_files FILE...: in the client's order. The order of a site that runs is never called wrong: what wins today is told of.
judge_order_of_files() {
  local file place name value earlier
  local -A place_of=() setter=() set_to=()
  for file in "$@"; do
    find_guides_place "$file"
    place=$SAID
    if [[ -z $place || ! -r $file ]]; then continue; fi
    while read -r name value; do
      if [[ -z $name ]]; then continue; fi
      earlier=${place_of[$name]-0}
      numbers earlier place || return
      if ((earlier > place)) && [[ $value == - || $value != "${set_to[$name]}" ]]; then
        warn "$name is set by ${setter[$name]} and again by $file, which wins; in the guide's order the first would" \
          "leave the order as the site was deployed with, and see that the last value is meant: grep --line-number $name $(quoted "${setter[$name]}") $(quoted "$file")"
      fi
      setter[$name]=$file
      place_of[$name]=$place
      set_to[$name]=$value
    done < <(parameters_in "$file")
  done
}
