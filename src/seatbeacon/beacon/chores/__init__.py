"""Chores: what a worker does now and then beside imports. Each is safe where several do it at once."""
