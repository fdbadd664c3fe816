"""Normal forms of identifiers and scores of likeness; pure."""
