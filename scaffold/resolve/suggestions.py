"""Hints about an answer that is wrong: what else there is, and what was probably meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def use_one_of(values: Iterable[str]) -> str:
    """Return a hint with the names that are possible; nothing if there are none."""
    names = list(values)
    return f"use one of {', '.join(names)}" if len(names) > 1 else f"use {names[0]}" if names else ""


def did_you_mean(given: str, names: list[str], otherwise: str = "") -> str:
    """Return a hint with the names most similar to a mistyped one; without any, ``otherwise`` or all names."""
    import difflib  # noqa: PLC0415  few users mistype

    similar = difflib.get_close_matches(given.lower(), names, n=3, cutoff=0.6)
    return f"did you mean {' or '.join(similar)}?" if similar else otherwise or use_one_of(names)
