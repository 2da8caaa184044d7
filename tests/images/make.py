"""Images with the names that generated Dockerfiles have in FROM, made on this machine.

A stand-in for one of AWS's base images is Debian with the language in it, and keeps AWS's contract: entry script,
paths, emulator, the runtime's client. Stand-ins for build images hold the toolchains of the host or of Debian.
`python tests/images/make.py NAME...` makes some by hand. What that takes: root, an engine, debootstrap, the network
for packages, and the emulator that `make tools` brings. With SCAFFOLD_REAL_IMAGES=1 the public images are pulled
instead.
"""

from __future__ import annotations

import fcntl
import functools
import os
import platform
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
TOOLS = HERE.parents[1] / ".tools"
CACHE = TOOLS / "images"
AWS = "public.ecr.aws/lambda/"
# The runtimes of which there is a stand-in: those whose version Debian 13 or a registry of packages has.
RUNTIMES = {
    "python": "python3.13",
    "nodejs": "nodejs24.x",
    "typescript": "nodejs24.x",
    "ruby": "ruby3.3",
    "java": "java25",
    "go": "provided.al2023",
    "rust": "provided.al2023",
}
# The newest crate of the Lambda Web Adapter.
ADAPTER = "1.0.0-rc1"
REAL = os.environ.get("SCAFFOLD_REAL_IMAGES") == "1"
CERTIFICATES = Path("/usr/local/share/ca-certificates")


class NoStandInError(Exception):
    """This machine can get no image of that name; the message says why."""


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Let one process at a time pass."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{re.sub('[^a-z0-9.]+', '-', name)}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@functools.cache
def make(name: str) -> None:
    """Make the stand-in for the image of that name; quick where the engine still has it."""
    if REAL:
        _pull(name)
        return
    repository, _, tag = name.rpartition(":")
    with locked("make"):
        if repository.startswith(AWS):
            language = repository.removeprefix(AWS)
            version = tag.partition("-")[0].partition(".al2")[0]
            _contract(language, _LANGUAGES.get(language, _nothing)(version), name)
        else:
            version = re.search(r"amazoncorretto-(\d+)$", tag) or re.match(r"(\d+(?:\.\d+)?)", tag)
            kind = f"{repository}:slim" if tag.endswith("-slim") else repository
            made = _TOOLCHAINS.get(kind, _TOOLCHAINS.get(repository, _nothing))(version[1] if version else "")
            _docker("tag", made, name)


def known(name: str) -> bool:
    """Return whether there is a way to make a stand-in for that image; a machine may yet lack what it takes."""
    repository = name.rpartition(":")[0]
    return repository.removeprefix(AWS) in _LANGUAGES if repository.startswith(AWS) else repository in _TOOLCHAINS


def emulator() -> Path:
    """Return Lambda's emulator for this machine, from sam's package."""
    found = sorted(TOOLS.glob(f"venv/lib/python*/site-packages/samcli/local/rapid/*-{platform.machine()}"))
    if not found:
        raise NoStandInError("sam, whose package holds the emulator, is not in .tools: run `make tools`")
    return found[-1].resolve()


def _pull(name: str) -> None:
    """Pull an image. That there is none of that name is another matter than that nobody can be asked."""
    try:
        _docker("pull", "--quiet", name)
    except RuntimeError as error:
        said = str(error).strip().splitlines()[-1]
        if re.search("manifest unknown|manifest for|does not exist|no matching manifest", said):
            raise
        raise NoStandInError(f"it cannot be pulled: {said}") from error


def _nothing(_version: str) -> str:
    raise NoStandInError("neither Debian nor a registry of packages has what this image would hold")


def _python(version: str) -> str:
    return _build("python", version)


def _ruby(version: str) -> str:
    return _build("ruby", version)


def _java(version: str) -> str:
    _maven(version)
    return _build("java", version)


def _provided(_version: str) -> str:
    return _debian()


def _nodejs(version: str) -> str:
    _npm(version)
    return _build("nodejs", version)


def _node(version: str, kind: str = "full") -> str:
    _npm(version)
    _debian()
    arguments = ("--build-arg", f"VERSION={version}", "--target", kind)
    return _build_from(HERE / "node", f"node-{kind}:{version}", *arguments)


def _npm(version: str) -> None:
    folder = CACHE / f"npm-{version}"
    packages = [f"node@{version}", "npm@11", "aws-lambda-ric@4.0.2"]
    if not (folder / "ready").exists():
        for install in (["--ignore-scripts", *packages], ["--no-save", packages[0]]):
            _run("npm", "install", "--silent", "--prefix", folder, *install)
        (folder / "ready").touch()
    _import(f"npm:{version}", "-C", folder, "node_modules")


def _maven(version: str) -> str:
    return _build("maven", version)


def _temurin(version: str) -> str:
    return _build("eclipse-temurin", version)


def _golang(version: str) -> str:
    wanted = f"go{version}.0"
    root = _run("go", "env", "GOROOT", GOTOOLCHAIN=wanted)
    if wanted not in _run(f"{root}/bin/go", "version", GOTOOLCHAIN="local"):
        raise NoStandInError(f"this machine's Go is too old to fetch Go {version}")
    _import(f"go:{version}", "-C", root, ".")
    return _build("golang", version)


def _rust(version: str) -> str:
    if not shutil.which("rustup"):
        raise NoStandInError(f"this machine has no rustup to bring Rust {version}")
    musl = f"{platform.machine()}-unknown-linux-musl"
    found = re.search(rf"^({re.escape(version)}\.\S+)", _run("rustup", "toolchain", "list"), re.MULTILINE)
    if not found:
        _run("rustup", "toolchain", "install", "--no-self-update", "--profile", "minimal", "--target", musl, version)
    root = Path(_run("rustup", "run", found[1] if found else version, "rustc", "--print", "sysroot"))
    libraries = [path.relative_to(root) for path in root.glob("lib/*.so*")]
    gnu = f"{platform.machine()}-unknown-linux-gnu"
    parts = ["bin/rustc", "bin/cargo", *libraries, *(f"lib/rustlib/{target}" for target in (gnu, musl))]
    _import(f"rustup:{version}", "-C", root, *parts)
    return _build("rust", version)


_LANGUAGES = {"python": _python, "nodejs": _nodejs, "ruby": _ruby, "java": _java, "provided": _provided}


def _official_python(version: str) -> str:
    _python(version)
    return _build("official-python", version)


def _distroless(version: str) -> str:
    return _build("distroless", version or "static")


def adapter_layer() -> Path:
    """Return a folder with what the Lambda Web Adapter's layer has in /opt.

    The adapter is compiled: of its 1.0, the registry of crates has the release candidate alone.
    """
    if not shutil.which("rustup"):
        raise NoStandInError("this machine has no rustup to bring what compiles the Lambda Web Adapter")
    folder = CACHE / f"adapter-{ADAPTER}"
    if not (folder / "layer/bootstrap").exists():
        # It is tested for what it does, not for how fast it does that.
        profile = {"CARGO_PROFILE_RELEASE_OPT_LEVEL": "1", "CARGO_PROFILE_RELEASE_LTO": "off"}
        # Without a C library it runs in an image of any system.
        target = f"{platform.machine()}-unknown-linux-musl"
        crate = f"lambda_web_adapter@{ADAPTER}"
        _run("rustup", "target", "add", target)
        _run("cargo", "install", "--quiet", "--locked", "--target", target, "--root", folder, crate, **profile)
        (folder / "layer/extensions").mkdir(parents=True, exist_ok=True)
        shutil.copy(folder / "bin/lambda-adapter", folder / "layer/extensions")
        sources = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo")) / "registry/src"
        (script,) = sources.glob(f"*/lambda_web_adapter-{ADAPTER}/layer/bootstrap")
        shutil.copy(script, folder / "layer")
        (folder / "layer/bootstrap").chmod(0o755)
    return folder / "layer"


def _adapter(_version: str) -> str:
    _import(f"adapter:{ADAPTER}", "-C", adapter_layer() / "extensions", "lambda-adapter")
    return f"stand-in/adapter:{ADAPTER}"


_TOOLCHAINS = {
    "public.ecr.aws/awsguru/aws-lambda-adapter": _adapter,
    "maven": _maven,
    "golang": _golang,
    "rust": _rust,
    "python": _official_python,
    "node": _node,
    "node:slim": functools.partial(_node, kind="slim"),
    "eclipse-temurin": _temurin,
    "debian": _provided,
    "gcr.io/distroless/static-debian13": _distroless,
}


def _debian() -> str:
    root = TOOLS / "debian" if (TOOLS / "debian/ready").exists() else CACHE / "debian"
    if not (root / "ready").exists():
        shutil.rmtree(root, ignore_errors=True)
        _run("debootstrap", "--variant=minbase", "--include=ca-certificates", "trixie", root)
        (root / "ready").touch()
    kept_out = ("./proc/*", "./sys/*", "./dev/*", "./tmp/*", "./var/cache/apt/*", "./var/lib/apt/lists/*")
    _import("root:trixie", "--one-file-system", *(f"--exclude={path}" for path in kept_out), "-C", root, ".")
    context = _context("debian")
    shutil.copytree(HERE / "debian", context)
    (context / "certificates").mkdir()
    for certificate in CERTIFICATES.glob("**/*.crt"):
        shutil.copy(certificate, context / "certificates")
    return _build_from(context, "debian:trixie")


def _build(folder: str, version: str) -> str:
    _debian()
    return _build_from(HERE / folder, f"{folder}:{version}", "--build-arg", f"VERSION={version}")


def _contract(language: str, base: str, name: str) -> None:
    context = _context(f"contract-{language}")
    shutil.copytree(HERE / "contract", context)
    runtime = HERE / language / "runtime"
    shutil.copytree(runtime, context / "runtime") if runtime.is_dir() else (context / "runtime").mkdir()
    shutil.copy(emulator(), context / "aws-lambda-rie")
    _docker("build", "--quiet", "--force-rm", "--build-arg", f"LANGUAGE={base}", "--tag", name, context)


def _context(name: str) -> Path:
    folder = CACHE / "context" / name
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def _build_from(context: Path, name: str, *arguments: str) -> str:
    _docker("build", "--quiet", "--force-rm", "--network", "host", *arguments, "--tag", f"stand-in/{name}", context)
    return f"stand-in/{name}"


def _import(name: str, *files: str | Path) -> None:
    """Make an image of files of this host. Only once: an import has another identity each time, and no cache."""
    name = f"stand-in/{name}"
    if subprocess.run(["docker", "image", "inspect", name], capture_output=True, check=False).returncode == 0:
        return
    with subprocess.Popen(
        ["tar", "-c", "--owner=0", "--group=0", "--numeric-owner", *files], stdout=subprocess.PIPE
    ) as tar:
        _docker("import", "-", name, stdin=tar.stdout)
    if tar.returncode:
        raise subprocess.CalledProcessError(tar.returncode, tar.args)


def _docker(*command: str | Path, stdin: object = subprocess.DEVNULL) -> str:
    # Not every client has BuildKit.
    return _run("docker", *command, stdin=stdin, DOCKER_BUILDKIT="0")


def _run(*command: str | Path, stdin: object = subprocess.DEVNULL, **environment: str) -> str:
    done = subprocess.run(
        list(map(str, command)),
        stdin=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
        env={**os.environ, **environment},
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}")
    return done.stdout.strip()


if __name__ == "__main__":
    for one in sys.argv[1:]:
        make(one)
