"""Secrets at rest: sealed with AES-256-GCM, bound to their row and field, never shown again."""
