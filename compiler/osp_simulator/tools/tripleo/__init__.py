"""The overcloud commands of the client: its deployment, its update, its stack, its undercloud."""
