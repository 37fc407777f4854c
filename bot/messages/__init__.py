"""What people read: pure builders of messages and views, and the typed payloads of their buttons."""
