"""How rows are printed: as a table for people, as JSON lines and CSV for programs."""
