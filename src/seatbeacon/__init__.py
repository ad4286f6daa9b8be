"""Seatbeacon: a self-hosted, read-only inventory beacon for Microsoft 365."""

__version__ = "0.1.0"
