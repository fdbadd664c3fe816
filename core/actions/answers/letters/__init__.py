"""The letters of a case: their facts, their approval, and what follows when one goes out."""
