"""Slack's Block Kit as data: what is allowed where, and what people can do with it."""
