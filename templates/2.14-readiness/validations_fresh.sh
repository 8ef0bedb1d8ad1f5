# A validation of yesterday says nothing about the site tonight.
VALIDATION_HOURS=24

validations_fresh_check() {
  local script id verdict when age now all=''
  now=$(date +%s)
  for script in "$BUNDLE"/2.*-{check-packages,validate-undercloud,validate-overcloud}.sh; do
    all+=", $(section_id "$script")"
    while read -r id _; do
      verdict=$(verdict_of "$id")
      if [[ -z $verdict ]]; then
        fail "$id has not been run" "./${script##*/}"
        continue
      fi
      when=$(date --utc --date="${verdict#* }" +%s)
      if ! numbers now when; then
        fail "cannot tell when $id ran: ${verdict#* }" "./${script##*/}"
        continue
      fi
      age=$((now - when))
      if ((age > VALIDATION_HOURS * 3600 || age < -300)); then
        fail "$id ran at ${verdict#* }; it must be less than $VALIDATION_HOURS h old" "./${script##*/}"
      fi
    done < <(steps_of "$script")
  done
  pass_unless_found "every check of ${all#, } has run in the last $VALIDATION_HOURS h"
}
