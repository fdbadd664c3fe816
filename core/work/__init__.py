"""Background work: the worker and its tasks."""
