"""The three years of closed requests before a demo store's stories: what happened, and how it is written down."""
