"""Tables, states and who may do what; no I/O."""
