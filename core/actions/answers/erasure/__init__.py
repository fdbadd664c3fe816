"""Erasing, what it leaves, and that nobody erased comes back (Article 17)."""
