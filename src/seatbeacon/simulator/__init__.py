"""A stand-in Microsoft tenant: Entra sign-in, Graph and the usage reports, for the demo, the tests and the
benchmarks."""
