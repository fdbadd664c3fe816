"""What is done for each kind of answer, on the screen of its request."""
