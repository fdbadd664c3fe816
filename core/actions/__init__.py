"""What people do at the desk, one file per thing."""
