"""A plain folder; with steps, a folder in it for each of their states, named as its tag would be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaffold.workshop import files
from scaffold.workshop.outputs import Checksums, Output

if TYPE_CHECKING:
    from pathlib import Path

    from scaffold.workshop.outputs import Repository


class Folder(Output):
    """A folder on a disk that everybody reaches."""

    description = "a folder, with one in it for each state of a step"
    instructions = (
        "Get the folder of that name from your organiser, and open a terminal in the folder where it lies.",
        "Run the commands from the top down. They go into it, install what it needs and run its tests.",
    )

    def write(self, path: Path, repository: Repository) -> Checksums:
        """Write the folder."""
        contents = files.in_folders(repository.commits, repository.start)
        files.write(path, contents)
        checksums = {name: files.checksum_of(file) for name, file in sorted(contents.items())}
        return Checksums({}, files.digest(checksums), checksums)

    def changes(self, path: Path, checksums: Checksums) -> list[str]:
        """Compare each file."""
        if not path.is_dir():
            return ["is not a folder"]
        expected = checksums.files or {}
        there = {name: files.checksum(path / name) if name in expected else "" for name in files.listed(path)}
        differences = files.differences(expected, there)
        if not differences and files.digest(there) != checksums.digest:
            differences.append("is not what the report says")
        return differences

    def command(self, name: str, address: str | None) -> None:
        """Return nothing: it is there."""


OUTPUT = Folder()
