"""The mail door, what comes in through it and what goes out by mail."""
