"""Administration → Settings."""
