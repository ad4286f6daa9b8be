"""Connections: making, changing and using them."""
