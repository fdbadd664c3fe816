"""The suppression list and its ways out."""
