"""The screens of the desk: a file each, or a folder with its `screen.py`; the shell in parts runs one of them."""
