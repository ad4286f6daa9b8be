"""Optimization → Chargeback."""
