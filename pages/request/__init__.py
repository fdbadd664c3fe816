"""The screen of one request."""
