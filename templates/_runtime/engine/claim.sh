# A switch that we turn is claimed first, in the site itself, so that a lost journal loses nothing. A switch that is already on cannot be
# claimed: what others set never becomes ours. Each kind is in the file of its system: ceph.sh, nova.sh, pacemaker.sh, ...

# claim KIND NAME...: in an apply, before a switch is turned: the site then says that this change turns it. claimed KIND NAME...: a question,
# whether it says so. release_claim KIND NAME...: after the switch was turned back.
claim() { "claim_${1//-/_}" "${@:2}"; }
claimed() { "claimed_${1//-/_}" "${@:2}"; }
release_claim() { "release_${1//-/_}" "${@:2}"; }

# no_claims KIND [NAME]: a question: is nothing of that kind ours? claims_of_KIND [NAME] sets SAID to what is.
no_claims() {
  "claims_of_${1//-/_}" "${@:2}" || return 2
  [[ -z $SAID ]] || {
    why "still set by this change: ${SAID//$'\n'/, }" 'run the section that set it again: it undoes it'
    return 1
  }
}
