"""Administration → Audit log."""
