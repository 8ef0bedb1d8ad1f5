"""The bundle: a plan as scripts, runbook and manifest, and the folder that they are written to."""
