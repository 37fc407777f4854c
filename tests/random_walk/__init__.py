"""A random walk: any verb by anybody of the office at any time, on the real services, watched after every step.

`laws` says what must hold, from the rows of the database alone; `who_may` who may do what, in the procedure's words.
`python -m tests.random_walk` walks for as long as it is let.
"""
