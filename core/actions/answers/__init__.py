"""The answer to a request: planned, approved, carried out, sent, closed; one room for each right."""
