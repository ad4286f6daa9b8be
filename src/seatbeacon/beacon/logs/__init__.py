"""Logs: lines on standard error for whoever runs the beacon, and for each run a log of its own."""
