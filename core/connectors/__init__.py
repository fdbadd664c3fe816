"""Systems that hold personal data, each behind the same five verbs."""
