"""Who is on duty, and by when work has to begin so that it is ready in time."""
