"""Names of files and folders that mean something to git, to Windows or to cookiecutter."""

from __future__ import annotations

import re
import unicodedata

# What makes a folder a cookiecutter, and a folder of the catalogue a layer
COOKIECUTTER = "cookiecutter.json"
# Names for devices: https://learn.microsoft.com/windows/win32/fileio/naming-a-file
WINDOWS_DEVICE = re.compile(
    r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\..*)?", re.IGNORECASE | re.DOTALL
)

# What git takes a folder for a repository by, whatever it is called: one without files of its own, and a part of one.
REPOSITORIES = (("HEAD", "objects", "refs"), ("HEAD", "commondir"))


def is_git_folder(name: str) -> bool:
    """Return whether some file system takes ``name`` for ``.git``.

    As git itself refuses them: https://git-scm.com/docs/git-config#Documentation/git-config.txt-coreprotectHFS
    """
    visible = "".join(character for character in name if unicodedata.category(character) != "Cf")
    return visible.partition(":")[0].rstrip(". ").casefold() in (".git", "git~1")
