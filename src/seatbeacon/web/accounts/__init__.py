"""Accounts: people, their roles, and the one-time links that let them in."""
