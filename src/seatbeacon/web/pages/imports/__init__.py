"""Data collection → Imports."""
