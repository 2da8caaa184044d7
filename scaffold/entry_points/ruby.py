"""Handlers in Ruby: ``def lambda_handler(event:, context:)``, at the top or of a class or a module.

https://docs.aws.amazon.com/lambda/latest/dg/ruby-handler.html
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from scaffold.entry_points.base import EntryPoint, Imports, blank, line_of, numbers, serves, text_of

if TYPE_CHECKING:
    from pathlib import Path

EXTENSIONS = (".rb",)
MANIFESTS = ("Gemfile",)
NEEDS_MANIFEST = False

_COMMENTS = re.compile(r"^=begin\b.*?^=end\b|(?<![\"'#\\])#(?!\{)[^\n]*", re.DOTALL | re.MULTILINE)
_SCOPE = re.compile(r"^(?P<indent>[ \t]*)(?:class|module)\s+(?P<name>[A-Z]\w*(?:::[A-Z]\w*)*)", re.MULTILINE)
_METHOD = re.compile(
    r"^(?P<indent>[ \t]*)def\s+(?P<own>self\.)?(?P<name>[a-z_]\w*)\s*\(?(?P<parameters>[^)\n]*)", re.MULTILINE
)
_EVENT, _CONTEXT = re.compile(r"\bevent:"), re.compile(r"\bcontext:|\*\*")
_REQUIRED = re.compile(r"""^\s*require\s*\(?\s*(['"])(?P<name>[^'"]+)\1""", re.MULTILINE)
_RELATIVE = re.compile(r"""\brequire_relative\s*\(?\s*(['"])(?P<name>[^'"]+)\1""")
_PROVIDED = re.compile(r"aws-(?:sdk|sigv4|partitions|eventstream)[a-z0-9-]*")  # the runtime has the SDK's gems
# Ruby's own libraries: https://docs.ruby-lang.org/en/master/standard_library_md.html
_OWN_NAMES = """
abbrev base64 benchmark bigdecimal bundler cgi coverage csv date delegate did_you_mean digest drb English erb
error_highlight etc expect fcntl fiddle fileutils find forwardable getoptlong io ipaddr irb json logger matrix
monitor mutex_m net nkf objspace observer open-uri open3 openssl optparse ostruct pathname pp prettyprint
prime prism pstore psych pty racc random rbconfig readline reline resolv rinda ripper securerandom set
shellwords singleton socket stringio strscan syslog tempfile time timeout tmpdir tsort un unicode_normalize
uri weakref win32ole yaml zlib
"""
_OWN = frozenset(_OWN_NAMES.split())


def entry_points(folder: Path, file: str) -> list[EntryPoint]:
    """Return the methods of a file that Lambda could call: those with the keywords ``event`` and ``context``."""
    text = blank(text_of(folder, file), _COMMENTS)
    module = str(PurePosixPath(file).with_suffix(""))
    found = []
    for match in _METHOD.finditer(text):
        parameters = match["parameters"]
        if not (_EVENT.search(parameters) and _CONTEXT.search(parameters)):
            continue
        scopes = _scopes(text[: match.start()], len(match["indent"]))
        if bool(scopes) != bool(match["own"]):
            continue  # Lambda calls methods of a class or of the top, not of an object
        name = ".".join(filter(None, ["::".join(scopes), match["name"]]))
        found.append(EntryPoint(file, line_of(text, match.start("name")), name, f"{module}.{name}"))
    return found


def _scopes(before: str, indent: int) -> list[str]:
    """Return the classes and modules around a method, by the indentation of what stands before it."""
    scopes: list[tuple[int, str]] = []
    for line in before.splitlines():
        if match := _SCOPE.match(line):
            depth = len(match["indent"])
            scopes = [scope for scope in scopes if scope[0] < depth]
            scopes.append((depth, match["name"]))
        elif line.strip() == "end":
            scopes = [scope for scope in scopes if scope[0] < len(line) - len(line.lstrip())]
    return [name for depth, name in scopes if depth < indent]


def handler_problem(file: str) -> str:
    """Return why Lambda cannot load a file by its name; nothing if it can."""
    return "Lambda loads no file with a dot in its name" if "." in PurePosixPath(file).stem else ""


def local_imports(folder: Path, file: str) -> list[str]:
    """Return the files in a folder that one of them requires."""
    found = []
    parent = PurePosixPath(file).parent
    for match in _RELATIVE.finditer(blank(text_of(folder, file), _COMMENTS)):
        name = match["name"].removesuffix(".rb")
        path = (folder / parent / f"{name}.rb").resolve()
        if path.is_file() and path.is_relative_to(folder.resolve()):
            found.append(path.relative_to(folder.resolve()).as_posix())
    return found


def imports(folder: Path, files: tuple[str, ...]) -> Imports:
    """Return what files require that is neither theirs nor Ruby's."""
    own = {str(PurePosixPath(file).with_suffix("")) for file in files}
    provided: dict[str, None] = {}
    missing: dict[str, str] = {}
    for file in [file for file in files if file.endswith(".rb")]:
        for match in _REQUIRED.finditer(blank(text_of(folder, file), _COMMENTS)):
            name = match["name"]
            if _PROVIDED.fullmatch(name):
                provided[name] = None
            elif name.partition("/")[0] not in _OWN and name not in own:
                missing.setdefault(name, file)
    return Imports(tuple(provided), tuple(missing.items()))


def requirement(name: str) -> tuple[str, str]:
    """Return the line that makes a library a dependency, and the file that it belongs into."""
    return f'gem "{name}"', "Gemfile"


def accepts(folder: Path, _file: str, version: str) -> bool:
    """Return whether code takes a version of Ruby: what its Gemfile or ``.ruby-version`` says.

    https://bundler.io/man/gemfile.5.html
    """
    gemfile, pinned = folder / "Gemfile", folder / ".ruby-version"
    rows: list[tuple[str, str]] = []
    if gemfile.is_file():
        text = blank(text_of(folder, gemfile.name), _COMMENTS)
        if said := re.search(r"^\s*ruby\s+(?P<versions>['\"][^\n]+)", text, re.MULTILINE):
            rows = re.findall(r"['\"]\s*(>=|<=|>|<|~>|=)?\s*(\d[\d.]*)", said["versions"])
    if not rows and pinned.is_file():
        rows = [("=", ".".join(map(str, numbers(text_of(folder, pinned.name))[:2])))]
    return serves(version, [({"~>": "~", "": "="}.get(operator, operator), numbers(bound)) for operator, bound in rows])


def warnings(_folder: Path, _file: str) -> list[str]:
    """Return nothing: Lambda loads every file alike."""
    return []
