"""A case: taken in, joined, identified, its clock, its correspondence, and where its requests stand."""
