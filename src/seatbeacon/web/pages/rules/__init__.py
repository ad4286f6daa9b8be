"""Optimization → Rules: which are on, and where their thresholds stand."""
