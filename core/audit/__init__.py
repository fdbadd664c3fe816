"""The log: its bytes, its chain and its check; knows nothing of requests."""
