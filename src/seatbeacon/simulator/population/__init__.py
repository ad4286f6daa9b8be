"""Who and what a simulated tenant holds: every value a pure function of seed, index and day."""
