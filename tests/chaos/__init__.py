"""The fault campaign: everything goes wrong that can, and the workspace's own record says who was told what.

`tests/chaos/test_short.py` is the short form; `make chaos` runs the long one and writes docs/chaos.md.
"""
