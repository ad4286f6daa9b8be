"""Scheduling: when connections import by themselves."""
