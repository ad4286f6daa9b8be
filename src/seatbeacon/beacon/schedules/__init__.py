"""Schedules: when connections import by themselves, and the dispatcher that sees to it."""
