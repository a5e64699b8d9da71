"""Alerts: searches whose news is sent to somebody at intervals."""
