"""The rows of the table: each a function that measures everybody who takes part in it."""
