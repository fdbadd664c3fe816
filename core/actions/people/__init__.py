"""People: found, opened, imported, and what every system holds about one."""
