"""The rights of data subjects, each a file: when it reaches what, what is left out, how it ends."""
