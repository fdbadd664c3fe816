"""Systems that this desk does not hold itself."""
