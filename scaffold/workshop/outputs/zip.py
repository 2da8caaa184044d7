"""A zip with one folder, which holds the same as the output ``folder`` makes."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from scaffold.workshop import files
from scaffold.workshop.outputs import Checksums, Output

if TYPE_CHECKING:
    from pathlib import Path

    from scaffold.workshop.outputs import Repository


class Zip(Output):
    """An archive to hand out."""

    description = "an archive of such a folder"
    instructions = (
        "Get the archive of that name from your organiser, and open a terminal in the folder where it lies.",
        (
            "Run the commands from the top down. The first one unpacks the archive; the rest go into it, install what "
            "it needs and run its tests."
        ),
    )

    def path(self, folder: Path, name: str) -> Path:
        """Return the archive's path."""
        return folder / f"{name}.zip"

    def write(self, path: Path, repository: Repository) -> Checksums:
        """Write the archive."""
        year, month, day = (int(part) for part in repository.date.split("-"))
        contents = files.in_folders(repository.commits, repository.start)
        with zipfile.ZipFile(path, "x", zipfile.ZIP_DEFLATED) as archive:
            for name, file in sorted(contents.items()):
                # A zip knows the years from 1980 to 2107 and no time zone.
                stamp = (min(max(year, 1980), 2107), month, day, 0, 0, 0)
                entry = zipfile.ZipInfo(f"{repository.name}/{name}", stamp)
                entry.external_attr = (0o100755 if file.executable else 0o100644) << 16
                entry.create_system = 3  # Unix, on every system
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, file.data)
        return Checksums({}, files.checksum(path).removesuffix("x"))

    def changes(self, path: Path, checksums: Checksums) -> list[str]:
        """Compare the archive as a whole; nothing of one that differs is read, since anything may be in it."""
        checksum = files.checksum(path)
        if checksum == "no file":
            return ["is not a file"]
        if checksum.removesuffix("x") == checksums.digest:
            return []
        return ["has other bytes than it was made with"]

    def command(self, name: str, address: str | None) -> str:  # noqa: ARG002  an archive has no address
        """Return the command that unpacks it."""
        return f"unzip {name}.zip"


OUTPUT = Zip()
