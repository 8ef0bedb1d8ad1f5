# The runtime of every section script: sourced first, it brings in the words the steps are written in.
#
#   step.sh      the list of steps and how it is run        question.sh  yes, no, cannot tell
#   options.sh   the command line                           screen.sh    what people see
#   journal.sh   who did what, when                         lock.sh      one run per site
#   gate.sh      what must hold before anything starts      confirm.sh   the operator's word
#   ssh.sh       commands on the nodes                      wait.sh      deadlines
#   claim.sh     switches we turned and must turn back      stop.sh      failures and signals
#   nodes.sh     the nodes of this site                     reboot.sh    a node goes down and comes back
#   check.sh     pass, warn or fail, with a remedy          backup.sh    what is kept, and where
# and one file of questions per system: nova.sh, ceph.sh, pacemaker.sh, ...
#
# Time comes from date, sleep and timeout on PATH alone, so that a rehearsal can own the clock.

umask 077
export LC_ALL=C PYTHONIOENCODING=UTF-8
unset CDPATH BASH_ENV ENV GLOBIGNORE

BUNDLE=$PWD
RUN_STARTED=$(date +%s)
SCRATCH=
# shellcheck source=site.sh
. lib/site.sh
# shellcheck source=screen.sh
. lib/screen.sh
# shellcheck source=question.sh
. lib/question.sh
# shellcheck source=options.sh
. lib/options.sh
# shellcheck source=journal.sh
. lib/journal.sh
# shellcheck source=lock.sh
. lib/lock.sh
# shellcheck source=nodes.sh
. lib/nodes.sh
# shellcheck source=ssh.sh
. lib/ssh.sh
# shellcheck source=rc.sh
. lib/rc.sh
# shellcheck source=wait.sh
. lib/wait.sh
# shellcheck source=claim.sh
. lib/claim.sh
# shellcheck source=confirm.sh
. lib/confirm.sh
# shellcheck source=gate.sh
. lib/gate.sh
# shellcheck source=hook.sh
. lib/hook.sh
# shellcheck source=check.sh
. lib/check.sh
# shellcheck source=bracket.sh
. lib/bracket.sh
# shellcheck source=stop.sh
. lib/stop.sh
# shellcheck source=step.sh
. lib/step.sh
# shellcheck source=reboot.sh
. lib/reboot.sh
# shellcheck source=ceph.sh
. lib/ceph.sh
# shellcheck source=pacemaker.sh
. lib/pacemaker.sh
