"""The nouns of a workspace: people, conversations, messages, apps, views, files."""
