#!/usr/bin/env bats
# The whole chapter, section after section as an operator runs it, on the smallest site.

load helpers
load chapter

@test "lab-1: the smallest site; the operator keeps the backups and says so" {
  compiled minimal '$a update: {breakpoints: guarded}'
  run sim_run bash -c './2.01-*.sh --yes'
  [ "$status" -eq 4 ]
  [[ $output == *'run this again on a terminal and say where it is'* ]]
  sim_run ./runbook attest 2.01/4b 'copied to the tape library, job 4711'
  run sim_run bash -c './2.02-*.sh --yes'
  [ "$status" -eq 4 ]
  sim_run ./runbook attest 2.02/5b 'copied to the tape library, job 4712'
  run chapter
  echo "$output" | tail --lines=40
  [ "$status" -eq 0 ]
  [[ $output == *'attested'* ]]
}
