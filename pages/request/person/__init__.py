"""Whom a case is about, who acts for them, and how that was proven."""
