"""Inventory → History."""
