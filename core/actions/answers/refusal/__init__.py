"""No, later, or not for free: refusal, extension and fee (Article 12(3) to (5))."""
