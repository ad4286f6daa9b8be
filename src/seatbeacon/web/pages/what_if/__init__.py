"""Optimization → What if."""
