"""Background work: the worker, its tasks and the control socket."""
