"""What is kept: the casebook and the spool, and the law, the clock and the case in plain Python."""
