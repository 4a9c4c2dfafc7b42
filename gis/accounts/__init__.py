"""Accounts as administrators see and change them: roles, logins, tokens."""
