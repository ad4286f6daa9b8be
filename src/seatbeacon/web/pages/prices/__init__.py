"""Optimization → Prices."""
