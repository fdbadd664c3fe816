"""The control socket of a running desk: commands are handed over to it and answered back."""
