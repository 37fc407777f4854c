"""The ways in which Slack reaches an app: Socket Mode and signed HTTP requests."""
