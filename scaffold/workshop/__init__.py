"""Workshops: one manifest and a roster become a ready repository for each participant."""
