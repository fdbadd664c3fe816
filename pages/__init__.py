"""The screens of the desk, one a file; the shell in parts runs one of them."""
