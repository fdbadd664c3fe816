"""Oversight: the log and its proof, boards, holds, purges, and what the desk could not do by itself."""
