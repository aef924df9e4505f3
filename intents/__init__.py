"""Reading: from a text to what is asked in it."""
