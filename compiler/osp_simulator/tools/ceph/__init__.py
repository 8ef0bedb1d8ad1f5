"""Ceph: its commands, its state, its OSDs."""
