"""Letters: from facts to words."""
