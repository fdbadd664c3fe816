"""Packages: built, approved for one address, handed over once by one of their ways out, deleted."""
