"""The images that the model learns from and is tested with, and where it is saved."""

import hashlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

PROJECT = Path(__file__).parents[2]


class Digits(NamedTuple):
    """Images of 8 by 8 pixels from 0 to 16, row by row, and the digits that they show."""

    images: npt.NDArray[np.float32]
    labels: npt.NDArray[np.int64]


def load() -> tuple[Digits, Digits]:
    """Return four fifths of the digits that scikit-learn has, to learn from, and the others, to test with.

    They are from https://archive.ics.uci.edu/dataset/80 (CC BY 4.0).
    """
    images, labels = load_digits(return_X_y=True)
    rows = train_test_split(images.astype(np.float32), labels, test_size=0.2, random_state=0, stratify=labels)
    learned, held_back, learned_labels, held_back_labels = rows
    return Digits(learned, learned_labels), Digits(held_back, held_back_labels)


def save(model: bytes, name: str, held_back: Digits) -> None:
    """Write the model into the function's folder, its digest beside this file, and what to test it with.

    In each line of held_back.csv are a digit and its 64 pixels.
    """
    path = PROJECT / "{{ cookiecutter.folder }}" / name
    path.write_bytes(model)
    digest = hashlib.sha256(model).hexdigest()
    Path(__file__).with_name("SHA256SUMS").write_text(f"{digest}  {path.relative_to(PROJECT).as_posix()}\n")
    tests = PROJECT / "tests/{{ cookiecutter.folder }}"
    rows = np.column_stack([held_back.labels, held_back.images])
    np.savetxt(tests / "held_back.csv", rows, fmt="%d", delimiter=",")
    print(f"{path}: {len(model)} bytes, SHA-256 {digest}")
