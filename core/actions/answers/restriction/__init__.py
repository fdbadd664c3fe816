"""Restriction, objection to marketing and withdrawal (Articles 18, 21(3), 7(3))."""
