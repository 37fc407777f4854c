"""Visita, tried out: the same nouns as in the rooms they test."""
