"""Highroad: how small firms in clusters and value chains learn and upgrade."""
