"""`make bench`: how fast, beside two references, all in one run."""
