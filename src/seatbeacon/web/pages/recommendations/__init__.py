"""Optimization → Recommendations."""
