"""Which names a folder of somebody else's choosing may have."""

from __future__ import annotations

from scaffold.file_names import WINDOWS_DEVICE, is_git_folder

# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_WINDOWS_CHARACTERS = '<>:"/\\|?*'
_LONGEST = 255  # bytes, in most file systems


def name_problem(name: str) -> str:
    """Return why a project's folder cannot have a name: "is empty", for one; nothing where it can."""
    wrong = next((character for character in name if character in _WINDOWS_CHARACTERS), "")
    rules = {
        "is empty": not name.strip(),
        "has control characters in it": not name.isprintable(),
        "is a path, not a name": wrong and wrong in "/\\",
        f"has {wrong!r} in it": wrong,
        "is for git": is_git_folder(name),
        "begins with -, as options do": name.startswith("-"),
        "begins with ~, which shells replace": name.startswith("~"),
        "begins or ends with a space, or ends with a dot": name.endswith(".") or name != name.strip(),
        "Windows keeps for a device": WINDOWS_DEVICE.fullmatch(name),
        "is too long": len(name.encode("utf-8", "surrogateescape")) > _LONGEST,
    }
    return next((problem for problem, applies in rules.items() if applies), "")
