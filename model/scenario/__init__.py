"""Scenarios: files, their overlays, and what a valid one holds."""
