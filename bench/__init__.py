"""What Visita costs and how fast it is, measured beside its peers in the same run: `make bench`."""
