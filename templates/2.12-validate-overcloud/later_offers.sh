# What was published since the update began undoes nothing of it, and whoever signs must have seen it.
later_offers_check() {
  pass_or_fail 'no node is offered what the update of this change had to bring' "./runbook status" no_finished_update
}
