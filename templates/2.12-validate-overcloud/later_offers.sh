# What was published since the update began does not undo it, but whoever signs must have seen it.
later_offers_check() {
  pass_or_fail 'every node has the packages that the update of this change had to install' "./runbook status" no_finished_update
}
