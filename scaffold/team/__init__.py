"""Catalogues of teams: one to start from, what is wrong with one, and whether what it adds works."""
