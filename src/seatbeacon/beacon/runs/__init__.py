"""Import runs: their states, and who may change them to what."""
