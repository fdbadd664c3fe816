"""The command line's commands, one file for what each is about."""
