"""Slack: a second door, through which colleagues relay requests, and a desk at which staff work cases."""
