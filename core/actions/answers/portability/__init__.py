"""The portable copy (Article 20)."""
