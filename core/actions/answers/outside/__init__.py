"""The answer that was given outside the desk, kept here with its evidence."""
