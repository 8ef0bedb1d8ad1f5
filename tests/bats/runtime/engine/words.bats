# What views, records and hosts say in lines of `word value`, and versions.

load ../helpers

setup() {
  bundle_up
}

@test "value_of: all values of the word itself, and a no where it is not said" {
  words '. "$BUNDLE/lib/engine/words.sh"; said=$'"'"'a 1\nab 2\nb\na x  y'"'"'
    value_of a <<<"$said"; value_of b <<<"$said"; value_of c <<<"$said" || echo no; fact_of c <<<"$said" && echo nothing'
  same '1|x  y||no|nothing' "$(paste -sd'|' <<<"$output")"
}

@test "2.05/4b: where ironic lists no node, none is configured" {
  words ". '$REPOSITORY/templates/2.05-update-images/configure_nodes.sh'"'
    with_stackrc() { echo "$*" >>"$WORLD/calls"; echo UUID; }
    (configure_nodes_apply) || echo "ended: $(<"$SCRATCH/failed")"'
  has 'ended: ironic lists no node'
  same 'openstack baremetal node list -c UUID -f csv --quote none' "$(calls)"
}

@test "gathered: a node that was not asked has said nothing, and that is no answer" {
  words 'f() { printf "one\n\ntwo"; }; gather computes f
    gathered n1; echo; gathered c1 || echo none; gathered_status c1 2>&1 | grep --only-matching "No such file" || :'
  same 'one||two|none|No such file' "$(paste -sd'|' <<<"$output")"
}

@test "2.05: an images folder that is a mount point, or no folder of its own below the home, is not renamed" {
  mkdir -p "$HOUSE/images" "$HOUSE/mounted"
  ln -s images "$HOUSE/link"
  words '. '"'$REPOSITORY/templates/2.05-update-images/set_images_aside.sh'"'
    stat() { if [[ $4 == */mounted ]]; then echo "$4"; else echo /; fi; }
    for IMAGES_DIR in "$HOME/images" "$HOME/mounted" "$HOME/link" "$HOME/gone" "$HOME" images; do
      ask images_folder_is_plain; printf "%s " "$ANSWER"
    done'
  same 'yes no no no no no' "${output% }"
}

@test "2.13: an original is deleted where its copy is well and equal at that very moment, and not else" {
  words '. '"'$REPOSITORY/templates/2.13-finish-nfv/delete_originals.sh'"'
    nfv_word() { echo a; }; original_is_gone() { return 1; }; with_rc() { echo "${*:2}"; }; wait_until() { :; }
    copy_is_good() { [[ $WRONG != good ]]; }; copy_is_equal() { [[ $WRONG != equal && $2 == vnf.rc ]]; }
    for WRONG in none good equal; do (delete_original vnf vnf.rc 2>/dev/null) || echo "stopped: not $WRONG"; done'
  same 'openstack server delete a|stopped: not good|stopped: not equal' "$(paste -sd'|' <<<"$output")"
}

@test "a record that a full disk does not take is as it was, whoever adds to it, and the next line is whole" {
  words '. lib/systems/instances.sh; . lib/systems/reboot.sh; . lib/systems/nfv.sh; . lib/systems/nfv_record.sh; sync() { :; }
    for what in "record_stopped $WORLD/r b" "record_left $WORLD/r b PAUSED" "record_reboot $WORLD/r kernel;" "set_migration $WORLD b f" "add_nfv_record $WORLD r b"; do
      file=$WORLD/r
      if [[ $what == set_migration* ]]; then file=$WORLD/migrated; fi
      echo a >"$file"
      ln -s /dev/full "$file.new"
      if (set -e; $what) 2>/dev/null; then echo "not told: $what"; fi
      rm -f "$file.new"
      printf "%s, " "$(<"$file")"
      $what
      tail -n 1 "$file" | sed "s/^[-0-9a-f]\{36\}\t/BOOT /"
    done'
  same 'a, b stopped|a, b left PAUSED|a, BOOT kernel;|a, b f|a, b' "$(paste -sd'|' <<<"$output")"
}
