# The runtime of every section script: sourced first, it brings in the words the steps are written in.
#
#   step.sh      the list of steps and how it is run        question.sh  yes, no, cannot tell
#   apply.sh     one step is applied and verified           view.sh      list, status, dry run
#   options.sh   the command line                           screen.sh    what people see
#   journal.sh   who did what, when                         lock.sh      one run per site
#   log.sh       what was printed                           bracket.sh   set up, and put back
#   gate.sh      what must hold before anything starts      confirm.sh   the operator's word
#   ssh.sh       commands on the nodes                      wait.sh      deadlines
#   claim.sh     switches we turned and must turn back      stop.sh      failures and signals
#   nodes.sh     the nodes of this site                     reboot.sh    a node goes down and comes back
#   check.sh     pass, warn or fail, with a remedy          backup.sh    what is kept, and where
# and one file of questions per system: nova.sh, ceph.sh, pacemaker.sh, ...
#
# Time comes from date, sleep and timeout on PATH alone, so that a rehearsal can own the clock.

umask 077
# `sh script` is bash in another mood; `bash -x` must not write into what questions say
set +o posix
if [[ $- == *x* ]]; then
  exec 7>&2
  BASH_XTRACEFD=7
fi
export LC_ALL=C PYTHONIOENCODING=UTF-8 PYTHONDONTWRITEBYTECODE=1
# what a login shell may have exported, and what would change how bash, coreutils, grep, tar or a prompt of ours behave
unset CDPATH BASH_ENV ENV GLOBIGNORE POSIXLY_CORRECT TMOUT GREP_OPTIONS BLOCKSIZE BLOCK_SIZE DF_BLOCK_SIZE DU_BLOCK_SIZE TAR_OPTIONS TIME_STYLE

# functions that a login shell exports would stand in for the commands of their names
while read -r _ _ INHERITED; do unset -f "$INHERITED"; done < <(declare -F)

BUNDLE=$PWD
RUN_STARTED=$(date +%s)
SCRATCH=
# shellcheck source=lib/site.sh
. lib/site.sh
# of whoever called: `su stack` and sudo may leave another one's
export HOME=$UNDERCLOUD_HOME
# shellcheck source=lib/screen.sh
. lib/screen.sh
# shellcheck source=lib/question.sh
. lib/question.sh
# shellcheck source=lib/options.sh
. lib/options.sh
# shellcheck source=lib/journal.sh
. lib/journal.sh
# shellcheck source=lib/log.sh
. lib/log.sh
# shellcheck source=lib/lock.sh
. lib/lock.sh
# shellcheck source=lib/nodes.sh
. lib/nodes.sh
# shellcheck source=lib/ssh.sh
. lib/ssh.sh
# shellcheck source=lib/rc.sh
. lib/rc.sh
# shellcheck source=lib/wait.sh
. lib/wait.sh
# shellcheck source=lib/claim.sh
. lib/claim.sh
# shellcheck source=lib/confirm.sh
. lib/confirm.sh
# shellcheck source=lib/gate.sh
. lib/gate.sh
# shellcheck source=lib/hook.sh
. lib/hook.sh
# shellcheck source=lib/check.sh
. lib/check.sh
# shellcheck source=lib/bracket.sh
. lib/bracket.sh
# shellcheck source=lib/stop.sh
. lib/stop.sh
# shellcheck source=lib/apply.sh
. lib/apply.sh
# shellcheck source=lib/view.sh
. lib/view.sh
# shellcheck source=lib/step.sh
. lib/step.sh
# shellcheck source=lib/reboot.sh
. lib/reboot.sh
# shellcheck source=lib/ceph.sh
. lib/ceph.sh
# shellcheck source=lib/pacemaker.sh
. lib/pacemaker.sh
# shellcheck source=lib/everywhere.sh
. lib/everywhere.sh
# shellcheck source=lib/packages.sh
. lib/packages.sh
# shellcheck source=lib/disks.sh
. lib/disks.sh
# shellcheck source=lib/clocks.sh
. lib/clocks.sh
# shellcheck source=lib/units.sh
. lib/units.sh
# shellcheck source=lib/haproxy.sh
. lib/haproxy.sh
# shellcheck source=lib/services.sh
. lib/services.sh
# shellcheck source=lib/cloud.sh
. lib/cloud.sh
# shellcheck source=lib/routers.sh
. lib/routers.sh
# shellcheck source=lib/service_record.sh
. lib/service_record.sh
# shellcheck source=lib/nova.sh
. lib/nova.sh
# shellcheck source=lib/instances.sh
. lib/instances.sh
# shellcheck source=lib/heat.sh
. lib/heat.sh
# shellcheck source=lib/record.sh
. lib/record.sh
# shellcheck source=lib/stopped_units.sh
. lib/stopped_units.sh
# shellcheck source=lib/update.sh
. lib/update.sh
# shellcheck source=lib/images.sh
. lib/images.sh
# shellcheck source=lib/plan.sh
. lib/plan.sh
# shellcheck source=lib/stack_update.sh
. lib/stack_update.sh
# shellcheck source=lib/installed.sh
. lib/installed.sh
# shellcheck source=lib/hiera.sh
. lib/hiera.sh
# shellcheck source=lib/backup.sh
. lib/backup.sh
# shellcheck source=lib/copy.sh
. lib/copy.sh
# shellcheck source=lib/mysql.sh
. lib/mysql.sh
# shellcheck source=lib/mongodb.sh
. lib/mongodb.sh
# shellcheck source=lib/redis.sh
. lib/redis.sh
# shellcheck source=lib/sections.sh
. lib/sections.sh
# shellcheck source=lib/trust.sh
. lib/trust.sh
# shellcheck source=lib/evidence.sh
. lib/evidence.sh
# shellcheck source=lib/breakpoints.sh
. lib/breakpoints.sh
# shellcheck source=lib/nfv.sh
. lib/nfv.sh
# shellcheck source=lib/nfv_copies.sh
. lib/nfv_copies.sh
