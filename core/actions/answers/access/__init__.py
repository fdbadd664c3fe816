"""The answer to an access request (Article 15)."""
