await_node_requires() { is_rebooting "$1"; }
await_node_satisfied() { needs_no_reboot "$1"; }
await_node_apply() { await_reboot "$1"; }
await_node_verify() { runs_newest_software "$1"; }
