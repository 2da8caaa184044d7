"""Workshops: a manifest and a roster become a repository for each participant."""
