"""Accounts: who may enter the desk, with which roles, passwords and codes, and their sessions."""
