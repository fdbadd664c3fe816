"""Correcting what is wrong (Articles 16 and 19)."""
