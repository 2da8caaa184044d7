"""What is found in code that exists already, and what is said where it is nothing or too much."""

from __future__ import annotations

import os
import re
import socket
import stat
from pathlib import Path

import pytest

from conftest import CATALOGUE
from scaffold import code_files, entry_points
from scaffold.code_files import LEFTOVER, LINK, MAX_FILES, PROJECT, SECRET, SPECIAL
from scaffold.errors import InvalidAnswersError, OutputError
from scaffold.spec import OwnCode

# A file, its text, and the handlers in it that look like ones, as Lambda names them
FOUND = [
    ("app.py", "def lambda_handler(event, context):\n    pass\n", ["app.lambda_handler"]),
    ("app.py", "def go(event, context, *, retries=3):\n    pass\n", ["app.go"]),
    ("app.py", "def go(_event, _context):\n    pass\n\n\ndef add(a, b):\n    return a + b\n", ["app.go"]),
    ("app.py", "handler = Mangum(app)\nother = thing()\n", ["app.handler"]),
    ("app.py", "class A:\n    def handler(self, event, context):\n        pass\n", []),
    ("app.py", "async def handler(event, context):\n    pass\n", []),
    ("a/b.py", "def handler(event, context):\n    pass\n", ["a.b.handler"]),
    ("index.js", "exports.handler = async (event) => 1;\n", ["index.handler"]),
    ("index.js", "module.exports.handler = function (event, context, callback) {};\n", ["index.handler"]),
    ("index.js", "async function run(event) {}\nmodule.exports = { run, limit: 3 };\n", ["index.run"]),
    ("index.js", "const go = async (event) => 1;\nmodule.exports = { handler: go };\n", ["index.handler"]),
    ("index.js", "// exports.handler = async (event) => 1;\n/* exports.handler = 1 */\n", []),
    ("index.mjs", "export const handler = async (event, context) => 1;\n", ["index.handler"]),
    ("index.mjs", "export async function run(event) {}\nexport const size = 3;\n", ["index.run"]),
    ("index.mjs", "const a = async (event) => 1;\nexport { a as handler };\n", ["index.handler"]),
    ("index.mjs", "export const handler = middy(base);\n", ["index.handler"]),
    ("src/app.ts", "export const handler: Handler<Event, string> = async (event) => 'x';\n", ["app.handler"]),
    ("src/app.ts", "export async function run(event: SQSEvent, context: Context): Promise<void> {}\n", ["app.run"]),
    ("app.rb", "def lambda_handler(event:, context:)\nend\n", ["app.lambda_handler"]),
    ("app.rb", "def helper(name)\nend\n# def lambda_handler(event:, context:)\n", []),
    ("app.rb", IN_A_CLASS := """
module Shop
  class Orders
    def self.process(event:, context:)
    end
  end
end
""", ["app.Shop::Orders.process"]),
    ("app.rb", IN_A_CLASS.replace("self.", "") + "def run(event:, context:)\nend\n", ["app.run"]),
    ("A.java", """
package a.b;

public class A implements RequestHandler<String, String> {
    public String handleRequest(String event, Context context) { return event; }
    public String other(String event) { return event; }
}
""", ["a.b.A::handleRequest"]),
    ("A.java", """
public class A {
    public void work(InputStream in, OutputStream out, Context context) {}
}
""", ["A::work"]),
    ("A.java", "package a;\nclass A extends B implements RequestStreamHandler {\n}\n", ["a.A::handleRequest"]),
    ("Orders.java", """
package shop;

public class Orders implements RequestHandler<Orders.Order, String> {
    public record Order(String id) {
        public String text() { return "{}"; }
    }

    @Override
    public String handleRequest(Order order, Context context) { return order.id(); }
}
""", ["shop.Orders::handleRequest"]),
    ("main.go", "package main\nfunc main() {\n\tlambda.Start(handle)\n}\n", ["bootstrap"]),
    ("main.go", "package main\n// lambda.Start(handle)\nfunc main() {}\n", []),
    ("lib.go", "package shop\nfunc f() { lambda.Start(g) }\n", []),
    ("src/main.rs", """
use lambda_runtime::{run, service_fn};
async fn main() { run(service_fn(handle)).await }
""", ["bootstrap"]),
    ("src/main.rs", "use lambda_runtime::Error;\nfn main() {}\n", []),
    ("F.cs", """
namespace Shop.Api;
public class F
{
    public async Task<string> Go(Order order, ILambdaContext context) => null;
    public string Help(string a) => a;
}
""", ["Thing::Shop.Api.F::Go"]),
    ("F.cs", """
namespace Shop
{
    public class Orders
    {
        public record Order
        {
            public string Id { get; init; }
        }

        public string Receive(Order order, ILambdaContext context) => order.Id;
    }
}
""", ["Thing::Shop.Orders::Receive"]),
    ("F.cs", "await LambdaBootstrapBuilder.Create(handler, serializer).Build().RunAsync();\n", ["Thing"]),
]  # fmt: skip
MANIFESTS = {".ts": "package.json", ".java": "pom.xml", ".go": "go.mod", ".rs": "Cargo.toml", ".cs": "Thing.csproj"}


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


HANDLER = "def handler(event, context): ...\n"


def find(value: object, language: str | None = None) -> OwnCode:
    return entry_points.find(CATALOGUE.languages, str(value), language)


def refusal(value: object, language: str | None = None) -> str:
    """Return what is wrong and what to do about it."""
    with pytest.raises(InvalidAnswersError) as caught:
        find(value, language)
    (problem,) = caught.value.problems
    return f"{problem.message}; {problem.hint}"


@pytest.mark.parametrize(("file", "text", "handlers"), FOUND, ids=[f"{file}-{n}" for n, (file, *_) in enumerate(FOUND)])
def test_what_looks_like_a_handler_is_one(file: str, text: str, handlers: list[str], tmp_path: Path) -> None:
    manifest = MANIFESTS.get(Path(file).suffix)
    write(tmp_path, {file: text, **({manifest: "{}"} if manifest else {})})
    if handlers:
        assert [find(tmp_path).handler] == handlers
    else:
        assert "no handler is found" in refusal(tmp_path)


def test_several_are_told_with_their_lines(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "\ndef one(event, context): ...\ndef two(event, context): ...\n"})
    said = refusal(tmp_path / "a.py")
    assert said == "several functions may be the handler: a.py:2 one, a.py:3 two; say which: PATH:FUNCTION"
    assert find(f"{tmp_path}/a.py:two").handler == "a.two"
    assert find(f"{tmp_path}:a.one").handler == "a.one"
    with pytest.raises(InvalidAnswersError) as caught:
        find(tmp_path)
    assert caught.value.problems[0].allowed == (f"{tmp_path}:a.one", f"{tmp_path}:a.two")
    assert "there is no three" in refusal(f"{tmp_path}/a.py:three")


def test_the_usual_name_wins_in_a_file_and_not_among_files(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "def one(event, context): ...\ndef lambda_handler(event, context): ...\n"})
    assert find(tmp_path).handler == "a.lambda_handler"
    write(tmp_path, {"b.py": "def one(event, context): ...\n"})
    assert "several functions" in refusal(tmp_path)


def test_two_languages_take_a_word(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "def handler(event, context): ...\n", "a.js": "exports.handler = async (event) => 1;\n"})
    assert "--language" in refusal(tmp_path)
    assert find(tmp_path, "nodejs").handler == "a.handler"


def test_a_typescript_project_is_not_its_build(tmp_path: Path) -> None:
    code = "export const handler = async (event) => 1;\n"
    write(
        tmp_path,
        {"src/app.ts": code, "dist/app.js": code, "build.js": code, "tsconfig.json": "{}", "package.json": "{}"},
    )
    own = find(tmp_path)
    assert (own.language, own.entry) == ("typescript", "src/app.ts")
    assert {one.path: one.reason for one in own.left_out} == {"dist": LEFTOVER}


def test_tests_are_no_handlers(tmp_path: Path) -> None:
    code = "def handler(event, context): ...\n"
    write(tmp_path, {"app.py": code, "tests/fake.py": code, "test_app.py": code, "app_test.py": code})
    assert find(tmp_path).entry == "app.py"


@pytest.mark.parametrize(
    ("files", "version", "fits"),
    [
        ({"pyproject.toml": '[project]\nname="a"\nrequires-python = ">=3.10,<3.14"\n'}, "3.14", False),
        ({"pyproject.toml": '[project]\nname="a"\nrequires-python = ">=3.10,<3.14"\n'}, "3.13", True),
        ({"pyproject.toml": '[project]\nname="a"\nrequires-python = "~=3.12"\n'}, "3.14", True),
        ({"pyproject.toml": '[project]\nname="a"\nrequires-python = "==3.12.*"\n'}, "3.13", False),
        ({".python-version": "3.13.2\n"}, "3.14", False),
        ({".python-version": "3.13.2\n"}, "3.13", True),
        ({}, "3.14", True),
    ],
)
def test_python_says_which_versions_it_takes(files: dict[str, str], version: str, fits: bool, tmp_path: Path) -> None:
    own = find(write(tmp_path, {"app.py": "def handler(event, context): ...\n", **files}))
    assert entry_points.accepts("python", own, version) is fits


@pytest.mark.parametrize(
    ("engines", "takes"),
    [(">=20", {"22", "24"}), ("20 || 22", {"22"}), ("^22.4.0", {"22"}), (">=18 <23", {"22"}), ("24.x", {"24"}),
     ("18 - 22", {"22"}), ("*", {"22", "24"})],
)  # fmt: skip
def test_node_says_which_versions_it_takes(engines: str, takes: set[str], tmp_path: Path) -> None:
    package = f'{{"type": "module", "engines": {{"node": "{engines}"}}}}'
    own = find(write(tmp_path, {"app.js": "export const handler = async (event) => 1;\n", "package.json": package}))
    assert {version for version in ("22", "24") if entry_points.accepts("nodejs", own, version)} == takes


def test_a_callback_takes_an_older_node(tmp_path: Path) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html: Node.js 24 has none."""
    own = find(write(tmp_path, {"a.js": "exports.handler = (event, context, callback) => callback(null, 1);\n"}))
    assert [version for version in ("24", "22") if entry_points.accepts("nodejs", own, version)] == ["22"]


@pytest.mark.parametrize(("framework", "version"), [("net8.0", "8"), ("net10.0", "10")])
def test_dotnet_is_built_for_one_version(framework: str, version: str, tmp_path: Path) -> None:
    code = "public class F { public string Go(string a, ILambdaContext c) => a; }"
    project = f"<Project><TargetFramework>{framework}</TargetFramework></Project>"
    own = find(write(tmp_path, {"src/Shop/F.cs": code, "src/Shop/Shop.csproj": project, "README.md": ""}))
    assert (own.root, own.handler) == (tmp_path / "src/Shop", "Shop::F::Go")
    assert [one for one in ("8", "9", "10") if entry_points.accepts("dotnet", own, one)] == [version]


def test_a_file_alone_brings_what_it_imports(tmp_path: Path) -> None:
    app = "import requests, yaml.x\nimport boto3\nfrom shop import orders\nfrom .near import x\nimport json, os.path\n"
    app += "try:\n    import numpy\nexcept ImportError:\n    numpy = None\n\n\ndef handler(event, context): ...\n"
    write(tmp_path, {"app.py": app, "shop/__init__.py": "", "shop/orders.py": "import prices\n", "prices.py": ""})
    write(tmp_path, {"near.py": "", "other.py": "", "secret.txt": ""})
    own = find(tmp_path / "app.py")
    assert own.files == ("app.py", "near.py", "prices.py", "shop/__init__.py", "shop/orders.py")
    assert own.provided == ("boto3",)
    assert [re.search(r"imports (\w+)", warning)[1] for warning in own.warnings] == ["requests", "yaml"]
    assert "add `requests` to requirements.txt" in own.warnings[0]


def test_a_module_alone_brings_what_it_imports(tmp_path: Path) -> None:
    app = 'const a = require("./lib/a");\nconst { x } = require("express");\nconst fs = require("fs/promises");\n'
    app += 'const s3 = require("@aws-sdk/client-s3");\nconst b = require("../outside");\n'
    app += "exports.handler = async (event) => 1;\n"
    write(
        tmp_path,
        {"code/app.js": app, "code/lib/a.js": 'require("../data.json")', "code/data.json": "{}", "outside.js": ""},
    )
    own = find(tmp_path / "code/app.js")
    assert own.files == ("app.js", "data.json", "lib/a.js")
    assert own.provided == ("@aws-sdk/client-s3",)
    assert len(own.warnings) == 1
    assert "express" in own.warnings[0]


def test_settings_of_tools_are_no_list_of_libraries(tmp_path: Path) -> None:
    own = find(write(tmp_path, {"app.py": f"import requests\n{HANDLER}", "pyproject.toml": "[tool.ruff]\n"}))
    assert len(own.warnings) == 1
    assert "requests" in own.warnings[0]


@pytest.mark.parametrize("suffix", [".js", ".ts"])
def test_a_lock_that_npm_does_not_read_is_told(suffix: str, tmp_path: Path) -> None:
    code = {f"app{suffix}": "export const handler = async (event) => 1;\n", "package.json": '{"type": "module"}'}
    own = find(write(tmp_path, {**code, "pnpm-lock.yaml": ""}))
    assert [warning.partition(":")[0] for warning in own.warnings] == ["npm does not read pnpm-lock.yaml"]
    assert find(write(tmp_path, {"package-lock.json": "{}"})).warnings == ()


def test_a_module_that_node_would_not_load_is_told(tmp_path: Path) -> None:
    own = find(write(tmp_path, {"app.js": "export const handler = async (event) => 1;\n"}) / "app.js")
    assert own.warnings == ('app.js is an ES module: name it .mjs, or write "type": "module" into package.json',)


@pytest.mark.parametrize("source", ["src", "lib", "app"])
def test_a_folder_of_sources_lies_below_its_manifest(source: str, tmp_path: Path) -> None:
    write(tmp_path, {f"{source}/a.py": "def handler(event, context): ...\n", "requirements.txt": "", "data.json": "{}"})
    own = find(tmp_path / source / "a.py")
    assert (own.root, own.handler) == (tmp_path, f"{source}.a.handler")
    assert own.files == tuple(sorted(["data.json", "requirements.txt", f"{source}/a.py"]))


def test_modules_beside_a_handler_that_lambda_would_not_find_are_told(tmp_path: Path) -> None:
    code = "import near\nfrom src import far\n\n\ndef handler(event, context): ...\n"
    write(tmp_path, {"src/app.py": code, "src/near.py": "", "src/far.py": "", "requirements.txt": ""})
    said = "src/app.py imports near, which Lambda would find in the folder of the function, not in src"
    assert find(tmp_path / "src/app.py").warnings == (said,)


def test_no_manifest_is_looked_for_further_up(tmp_path: Path) -> None:
    write(tmp_path, {"deep/er/a.py": "def handler(event, context): ...\n", "requirements.txt": "", "private.txt": ""})
    assert find(tmp_path / "deep/er/a.py").files == ("a.py",)


# What is refused ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "value", "said"),
    [
        ({}, "nowhere.py", "there is no file or folder"),
        ({"a.txt": "x"}, "a.txt", "is no source code that Lambda runs; name a file that ends in .py"),
        ({"a.py": "def x(:\n"}, "a.py", "this is no Python"),
        ({"a.py": "\0"}, "a.py", "source code string cannot contain null bytes"),
        ({"a.py": "async def handler(event, context): ...\n"}, "a.py", "handler is async"),
        ({"a.py": "x = 1\n"}, "a.py", "no handler is found"),
        ({"main.go": "package main\n"}, "main.go", "there is no go.mod beside main.go"),
        ({"cmd/x/main.go": "package main\nfunc main() { lambda.Start(f) }\n", "go.mod": ""}, "cmd/x/main.go",
         "the program is not in the folder of go.mod"),
        ({"a.b.py": "def handler(event, context): ...\n"}, "a.b.py", "a dot in its name"),
        ({"a b.py": "def handler(event, context): ...\n"}, "a b.py", "characters that Lambda does not take"),
        ({"{{x}}.py": "def handler(event, context): ...\n"}, "{{x}}.py", "characters that Lambda does not take"),
        ({"a.py": HANDLER, "pyproject.toml": "[tool.poetry.dependencies]\npython = '3'\nx = '1'\n"}, "a.py",
         "there is no uv.lock beside pyproject.toml, which lists libraries; run `uv lock`"),
        ({"a.py": HANDLER, "Pipfile": ""}, "a.py", "pipenv requirements > requirements.txt"),
        ({"a.js": "export const handler = 1;\n", "package.json": "{"}, "a.js", "no JSON"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_function_is_told(files: dict[str, str], value: str, said: str, tmp_path: Path) -> None:
    assert said in refusal(write(tmp_path, files) / value)


def test_the_name_of_a_file_may_have_a_colon(tmp_path: Path) -> None:
    write(tmp_path, {"a:b/app.py": "def one(event, context): ...\ndef two(event, context): ...\n"})
    assert find(f"{tmp_path}/a:b/app.py:one").handler == "app.one"
    assert find(f"{tmp_path}/a:b:app.two").handler == "app.two"


# What is left out -----------------------------------------------------------------------------------------------------


def test_secrets_links_and_leftovers_are_left_out_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = write(tmp_path / "outside", {"passwords": "secret"})
    folder = write(tmp_path / "code", {
        "app.py": "def handler(event, context): ...\n", ".env": "A=1", ".env.example": "A=", "sub/server.PEM": "x",
        "id_rsa": "x", ".aws/credentials": "x", ".npmrc": "//registry/:_authToken=x", "lib/.npmrc": "save-exact=true\n",
        "node_modules/a/index.js": "exports.handler = async (event) => 1", "__pycache__/app.pyc": "x",
        ".git/config": "x", "target/keep.txt": "x", "rust/Cargo.toml": "", "rust/target/debug": "x",
        "made/.sam-scaffold.lock": "{}", "made/x.py": "",
    })  # fmt: skip
    (folder / "link.py").symlink_to(outside / "passwords")
    (folder / "folder").symlink_to(outside)
    os.mkfifo(folder / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        monkeypatch.chdir(folder)  # for a path that is short enough
        server.bind("socket")
    own = find(folder)
    assert own.files == (".env.example", "app.py", "lib/.npmrc", "rust/Cargo.toml", "target/keep.txt")
    assert {one.path: one.reason for one in own.left_out} == {
        ".env": SECRET, "sub/server.PEM": SECRET, "id_rsa": SECRET, ".aws": SECRET, ".npmrc": SECRET,
        "node_modules": LEFTOVER, "__pycache__": LEFTOVER, ".git": LEFTOVER, "rust/target": LEFTOVER, "made": PROJECT,
        "link.py": LINK, "folder": LINK, "pipe": SPECIAL, "socket": SPECIAL,
    }  # fmt: skip


def test_a_link_that_is_named_is_followed_and_one_that_is_imported_is_not(tmp_path: Path) -> None:
    write(tmp_path, {"real/app.py": "import util\ndef handler(event, context): ...\n", "util.py": ""})
    (tmp_path / "app.py").symlink_to(tmp_path / "real/app.py")
    assert find(tmp_path / "app.py").root == tmp_path / "real"
    (tmp_path / "real/util.py").symlink_to(tmp_path / "util.py")
    assert "util.py is a symbolic link" in refusal(tmp_path / "real/app.py")


def test_a_copy_has_the_bytes_and_stays_executable_or_not(tmp_path: Path) -> None:
    names = ["a 'b\".txt", "line\nbreak", "{{ cookiecutter.name }}.j2", "é", "-rf", "$(id)", "run.sh"]
    folder, into = tmp_path / "code", tmp_path / "copy"
    content = b"\xff\x00{{ 7 * 7 }}{% raw %}\r\n"
    for name in names:
        (folder / "{{x}}").mkdir(parents=True, exist_ok=True)
        (folder / "{{x}}" / name).write_bytes(content)
    (folder / "{{x}}/run.sh").chmod(0o700)
    files = code_files.select(folder).files
    code_files.copy(folder, files, into, 0o022)
    assert {path.name: path.read_bytes() for path in (into / "{{x}}").iterdir()} == dict.fromkeys(names, content)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (into / "{{x}}").iterdir()}
    assert modes == {**dict.fromkeys(names, 0o644), "run.sh": 0o755}


def test_a_file_that_became_a_link_is_not_followed(tmp_path: Path) -> None:
    folder = write(tmp_path / "code", {"a": "x"})
    files = code_files.select(folder).files
    (folder / "a").unlink()
    (folder / "a").symlink_to("/etc/hostname")
    with pytest.raises(OSError, match="symbolic links"):
        code_files.copy(folder, files, tmp_path / "copy", 0o022)


def test_too_much_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(MAX_FILES + 1):
        (tmp_path / str(number)).touch()
    with pytest.raises(OutputError, match=f"more than {MAX_FILES} files"):
        code_files.select(tmp_path)
    huge = tmp_path / "huge"
    huge.mkdir()
    with (huge / "model").open("wb") as file:
        file.truncate(code_files.MAX_BYTES + 1)  # a hole, which takes no disk
    with pytest.raises(OutputError, match="more than 250 MB"):
        code_files.select(huge)
    monkeypatch.setattr(os, "access", lambda *_: False)  # for root, every file is readable
    with pytest.raises(OutputError, match="cannot be read"):
        code_files.select(write(tmp_path / "closed", {"app.py": ""}))
