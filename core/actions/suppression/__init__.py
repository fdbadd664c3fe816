"""What people have stopped: the entries, the list, files of it, and the list on its way out."""
