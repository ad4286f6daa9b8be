"""Optimization → Savings: by rule, product, department or tenant, in full."""
