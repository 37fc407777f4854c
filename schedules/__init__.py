"""Time: the lead times a person may edit, and what wakes the bot."""
