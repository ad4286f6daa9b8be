"""The worker: import runs that somebody queued, carried by Huey and accounted for in the control plane."""
