"""What other programs watch: whether the beacon lives and is ready, and its numbers for Prometheus."""
