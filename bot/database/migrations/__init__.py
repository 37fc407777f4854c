"""Alembic's scripts; `env.py` says how they are run."""
