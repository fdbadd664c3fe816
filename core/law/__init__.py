"""The law as pure rules: no clock, no database, no input or output."""
