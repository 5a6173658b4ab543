"""The arrows between modules and the ceilings on their size."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILE_LINES, FUNCTION_LINES = 300, 50
PACKAGES = ("peakon_scim", "employees", "scim")
FOLDERS = (*PACKAGES, "tests", "bin", "bench")
SOURCES = [
    path.relative_to(ROOT)
    for folder in FOLDERS
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts and path.read_text().strip()
]
PRODUCT = [path for path in SOURCES if path.parts[0] in PACKAGES]
PROTOCOL = [path for path in PRODUCT if path.is_relative_to("scim/protocol")]
SCIM = [path for path in PRODUCT if path.is_relative_to("scim") and path not in PROTOCOL]

# Who may not import what, by the beginnings of dotted names.
FORBIDDEN = {
    "employees": ("scim", "peakon_scim", "rest_framework"),
    "scim": ("peakon_scim",),
    "scim/protocol": ("django", "rest_framework", "time", "os", "pathlib", "socket"),
    "scim/sources.py": ("scim.user", "scim.binding", "scim.handlers", "scim.bulk", "scim.endpoints"),
    "scim/user.py": ("scim.binding", "scim.handlers", "scim.bulk", "scim.endpoints"),
    "scim/binding.py": ("scim.user", "scim.handlers", "scim.bulk", "scim.endpoints"),
    "scim/plans.py": ("scim.session", "scim.searching", "scim.handlers", "scim.bulk", "scim.endpoints"),
    "scim/session.py": ("scim.searching", "scim.handlers", "scim.bulk", "scim.endpoints"),
    "scim/searching.py": ("scim.handlers", "scim.bulk", "scim.endpoints"),
    "scim/handlers.py": ("scim.bulk", "scim.endpoints"),
    "scim/bulk.py": ("scim.endpoints",),
    "scim/endpoints.py": ("scim.discovery_endpoints",),
}
REST_FRAMEWORK = {Path("scim/endpoints.py"), Path("scim/http.py"), Path("scim/authentication.py")}
# The end of the one door for writes: what `services` has been told is saved there.
WRITERS = {Path("employees/saving.py"), Path("employees/purging.py")}
WRITES = {
    "save",
    "create",
    "bulk_create",
    "update",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "delete",
}


def per_file(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", paths, ids=str)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text())


def imports(path: Path) -> Iterator[str]:
    """The absolute dotted names that a module imports, each with what it takes: `django.db.models`."""
    package = path.parent.parts
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            yield from (".".join((*base, *filter(None, [node.module]), alias.name)) for alias in node.names)


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


@pytest.mark.parametrize("room", FORBIDDEN)
def test_arrows(room: str) -> None:
    wrong = [
        f"{path}: {name}"
        for path in PRODUCT
        if path.is_relative_to(room)
        for name in imports(path)
        if any(within(name, package) for package in FORBIDDEN[room])
    ]
    assert wrong == []


@per_file(PROTOCOL)
def test_protocol_needs_only_the_standard_library_and_folding(path: Path) -> None:
    strangers = [
        name
        for name in imports(path)
        if name.split(".")[0] not in sys.stdlib_module_names
        and not within(name, "scim.protocol")
        and not within(name, "employees.folding")
    ]
    assert strangers == []


@per_file(PROTOCOL)
def test_protocol_asks_no_clock(path: Path) -> None:
    attributes = {node.attr for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)}
    assert not attributes & {"now", "today", "utcnow"}


@per_file([path for path in PRODUCT if path not in REST_FRAMEWORK])
def test_only_transport_imports_rest_framework(path: Path) -> None:
    assert [name for name in imports(path) if within(name, "rest_framework")] == []


@per_file([path for path in PRODUCT if path not in WRITERS])
def test_only_services_write_employees(path: Path) -> None:
    assert [ast.unparse(call) for call in employee_writes(tree(path))] == []


ROWS = "employees.rows"
"""Writes rows of any model: known to the door alone, and to the log that is written with what it does."""

WRITERS_OF_ROWS = {*WRITERS, Path("employees/search_keys.py"), Path("scim/provisioning/log.py")}


@per_file([path for path in PRODUCT if path not in WRITERS_OF_ROWS])
def test_only_the_door_writes_rows(path: Path) -> None:
    assert [name for name in imports(path) if within(name, ROWS)] == []


def employee_writes(module: ast.AST) -> Iterator[ast.Call]:
    """The calls that write through `Employee`'s manager or through a variable called `employee`."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            receiver = ast.unparse(node.func.value)
            if receiver.startswith("Employee.objects") or receiver.split(".")[-1] == "employee":
                yield node


def test_a_write_is_recognised() -> None:
    code = "Employee.objects.filter(pk=1).update(a=1); employee.save(); change.employee.delete(); x.save()"
    assert len(list(employee_writes(ast.parse(code)))) == 3


@per_file(SOURCES)
def test_file_has_one_sentence_of_purpose(path: Path) -> None:
    docstring = ast.get_docstring(tree(path)) or ""
    assert docstring.endswith("."), "a module docstring is one sentence"
    assert "\n\n" not in docstring


@per_file(SOURCES)
def test_no_giants(path: Path) -> None:
    assert len((ROOT / path).read_text().splitlines()) <= FILE_LINES
    functions = [n for n in ast.walk(tree(path)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    lengths = {f.name: (f.end_lineno or f.lineno) - f.lineno + 1 for f in functions}
    assert {name: lines for name, lines in lengths.items() if lines > FUNCTION_LINES} == {}


def test_protocol_runs_without_django() -> None:
    modules = ", ".join(".".join(path.with_suffix("").parts) for path in PROTOCOL)
    code = f"import sys, {modules}; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
