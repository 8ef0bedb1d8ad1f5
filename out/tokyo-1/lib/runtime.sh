# The runtime of every section script, sourced first: the functions that the steps are written with.
#
#   step.sh      the list of steps                          question.sh  yes, no, cannot tell
#   apply.sh     one step is applied and verified           view.sh      list, status, dry run
#   options.sh   the command line                           screen.sh    what people see
#   journal.sh   who did what, when                         lock.sh      one run per site
#   log.sh       what was printed                           bracket.sh   set up, and put back
#   gate.sh      what must hold before anything starts      confirm.sh   the operator is asked
#   ssh.sh       commands on the nodes                      wait.sh      deadlines
#   claim.sh     switches we turned and must turn back      stop.sh      failures and signals
#   nodes.sh     the nodes of this site                     check.sh     pass, warn or fail, with a remedy
#   rc.sh        the clouds' credentials                    hook.sh      the site's own programs around a node
#   kept.sh      what was learnt a moment ago               remedies.sh  what a tool's words mean, and what to do
#   record.sh    what a change remembers on the undercloud  everywhere.sh  every node asked, each judged apart
#   signature.sh whether a required signature is there     spec_lines.sh  what a finding changes in site.yaml
#   path.sh      PATH without folders of others             root.sh      what root runs, as text
#   gather.sh    many nodes asked at once                   run.sh       the list of steps is run
#   pasting.sh   remedies as lines that can be pasted
#
# These are the engine. systems/ has a file for each system or topic (reboot.sh, backup.sh, nova.sh, ceph.sh, ...), of which a script
# sources those it uses; parse/ has what reads the answers of clients, report/ what reads the records of a change.
#
# Time comes from date, sleep and timeout on PATH alone, so that a rehearsal can set the clock.

# exported functions would replace the commands of their names, `unset` included: with POSIXLY_CORRECT set bash finds its own `unset` before any function
POSIXLY_CORRECT=1
unset -f unset set export builtin declare read umask exec printf
unset POSIXLY_CORRECT
# as the script began, unless such a function has taken its `set`
set -euo pipefail
while read -r _ _ INHERITED; do unset -f "$INHERITED"; done < <(declare -F)
. lib/engine/path.sh

umask 077
# Options of bash from the environment (SHELLOPTS, BASHOPTS, `sh script`) are turned off, except those that every script starts with:
# under lastpipe the first log would replace the run.
KEPT_MOODS=' braceexpand errexit hashall interactive-comments nounset pipefail xtrace '
for INHERITED in ${SHELLOPTS//:/ }; do
  if [[ $KEPT_MOODS != *" $INHERITED "* ]]; then set +o "$INHERITED"; fi
done
KEPT_MOODS=' cmdhist complete_fullquote extquote force_fignore globasciiranges globskipdots interactive_comments sourcepath '
for INHERITED in ${BASHOPTS//:/ }; do
  # (login_shell cannot be turned)
  if [[ $KEPT_MOODS != *" $INHERITED "* ]]; then shopt -u "$INHERITED" 2>/dev/null || :; fi
done
# `bash -x` must not write into the answers of questions
if [[ $- == *x* ]]; then
  exec 7>&2
  BASH_XTRACEFD=7
fi
# (bash runs what is in it for each line of a trace, in every bash that is started from here)
PS4='+ '
# what Python would run or read before our parsers
for INHERITED in "${!PYTHON@}"; do unset "$INHERITED"; done
export LC_ALL=C PYTHONIOENCODING=UTF-8 PYTHONDONTWRITEBYTECODE=1
# What a login shell may have exported, and what changes how bash, coreutils, grep, tar or our prompts behave. TZ too: the spec's hours are those
# of the undercloud's clock.
unset CDPATH BASH_ENV ENV GLOBIGNORE POSIXLY_CORRECT TMOUT FUNCNEST GREP_OPTIONS BLOCKSIZE BLOCK_SIZE DF_BLOCK_SIZE DU_BLOCK_SIZE TAR_OPTIONS TIME_STYLE
# (COLUMNS cuts names short, the others say who a host is)
unset COLUMNS LINES HOSTALIASES LOCALDOMAIN RES_OPTIONS GCONV_PATH LOCPATH NLSPATH
unset TZ GZIP XZ_OPT XZ_DEFAULTS RSYNC_RSH RSYNC_PARTIAL_DIR CURL_HOME QUOTING_STYLE GREP_COLORS GREP_COLOR AWKPATH AWKLIBPATH LD_PRELOAD LD_AUDIT \
  LD_LIBRARY_PATH EXECIGNORE BASH_COMPAT PERL5OPT PERL5LIB

# (the script's head has made the copy, and entered it)
COPY=$PWD
RUN_STARTED=$(date +%s)
SCRATCH=
. lib/site.sh
# `su stack` and sudo may leave the HOME of another user
export HOME=$UNDERCLOUD_HOME
. lib/engine/screen.sh
. lib/engine/words.sh
. lib/engine/question.sh
. lib/engine/pasting.sh
. lib/engine/remedies.sh
. lib/engine/kept.sh
. lib/engine/options.sh
. lib/engine/journal.sh
. lib/engine/log.sh
. lib/engine/lock.sh
. lib/engine/nodes.sh
. lib/engine/ssh.sh
. lib/engine/root.sh
. lib/engine/gather.sh
. lib/engine/rc.sh
. lib/engine/wait.sh
. lib/engine/claim.sh
. lib/engine/confirm.sh
. lib/engine/gate.sh
. lib/engine/signature.sh
. lib/engine/hook.sh
. lib/engine/record.sh
. lib/engine/spec_lines.sh
. lib/engine/check.sh
. lib/engine/everywhere.sh
. lib/engine/bracket.sh
. lib/engine/stop.sh
. lib/engine/apply.sh
. lib/engine/view.sh
. lib/engine/step.sh
. lib/engine/run.sh
