"""Holds and what erasures left."""
