"""Data collection → Inventory Systems: connections, from New to Execute Now."""
