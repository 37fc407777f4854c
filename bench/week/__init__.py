"""A week of a busy office, lived through in minutes: `python -m bench.week`, which `make week` runs."""
