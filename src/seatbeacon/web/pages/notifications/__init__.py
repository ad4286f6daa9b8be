"""Administration → Notifications."""
