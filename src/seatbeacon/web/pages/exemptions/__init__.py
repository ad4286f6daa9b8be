"""Optimization → Recommendations → Exemptions."""
