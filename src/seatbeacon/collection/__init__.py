"""Reads a tenant through `seatbeacon.graph` and leaves an inventory package on disk."""
