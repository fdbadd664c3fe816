"""The clock of the law: calendars, profiles, pauses, deadlines, extension and their explanation."""
