"""The steps of an import: each stages what a package holds in temporary tables, then merges it."""
