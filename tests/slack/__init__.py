"""A local stand-in for Slack: its Web API and Socket Mode, with its documented limits and errors."""
