"""What a visit is and what can be done with it."""
