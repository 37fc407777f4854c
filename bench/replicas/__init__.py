"""Replicas that share one queue: `python -m bench.replicas`, which `make replicas` runs."""
