"""The doors of the desk: gate, sign-in, delivery."""
