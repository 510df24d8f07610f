"""Who may import whom, and where: the rules of the map in README.md."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ORDER = ["kit", "members", "library", "dictionary", "awards", "cja_portal"]
PORTAL = {"cja_portal", "members", "library", "dictionary", "awards"}
# What a file of this name may not import of any app, however far to the left.
FORBIDDEN = {
    "models": {"actions", "permissions", "forms", "views", "admin", "emails", "tasks"},
    "permissions": {"actions", "forms", "views", "admin"},
    "actions": {"forms", "views", "admin"},
    "forms": {"views", "admin"},
    "views": {"admin"},
}
# It must be read by old Pythons, on systems that lack what it imports late.
MAY_IMPORT_LATE = {"cja_portal/bootstrap.py"}

READY = "ready"  # of an AppConfig, where Django first lets an app import its models


def sources():
    return sorted(path for app in PORTAL for path in (ROOT / app).rglob("*.py"))


def faults(path, source):
    """What is wrong with the imports of `source`, were it the file at `path` (under the root)."""
    tree = ast.parse(source)
    late = [] if path in MAY_IMPORT_LATE else list(_late_imports(tree))
    found = [fault for module in _imported(tree) for fault in _faults_of(path, module)]
    return sorted({f"{path}: {fault}" for fault in late + found})


def _imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = "." * node.level + (node.module or "")
            yield from (f"{origin}.{name.name}" for name in node.names)


def _late_imports(tree):
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    for function in (node for node in ast.walk(tree) if isinstance(node, functions)):
        for node in ast.walk(function) if function.name != READY else ():
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield f"line {node.lineno} imports inside a function"


def _faults_of(path, module):
    if module.startswith("."):
        yield "imports are absolute"
    if module.split(".")[0] not in PORTAL:
        return
    if ORDER.index(_layer(module)) > ORDER.index(_layer(path.replace("/", "."))):
        yield f"imports {module}, which stands to its right"
    role, other = _role(path.removesuffix(".py").split("/")), _role(module.split("."))
    if other in FORBIDDEN.get(role, ()):
        yield f"{role} import no {other} ({module})"


def _layer(module):
    parts = module.split(".")
    return "kit" if parts[:2] == ["cja_portal", "kit"] else parts[0]


def _role(parts):
    return parts[1] if len(parts) > 1 else ""


def test_every_file_keeps_the_order_of_imports():
    found = [
        fault
        for path in sources()
        for fault in faults(path.relative_to(ROOT).as_posix(), path.read_text())
    ]

    assert found == []


def test_the_walk_sees_every_app():
    seen = {_layer(path.relative_to(ROOT).as_posix().replace("/", ".")) for path in sources()}

    assert seen == set(ORDER)


@pytest.mark.parametrize(
    ("path", "source", "expected"),
    [
        ("library/views.py", "from dictionary.models import Entry", "stands to its right"),
        ("library/views.py", "import dictionary", "stands to its right"),
        ("cja_portal/kit/text.py", "from members.models import User", "stands to its right"),
        ("cja_portal/kit/text.py", "from cja_portal import views", "stands to its right"),
        ("awards/models.py", "from cja_portal.views import home", "stands to its right"),
        ("members/models/user.py", "from members import views", "models import no views"),
        ("library/models.py", "from members.actions import invite", "models import no actions"),
        ("library/views.py", "from .models import Item", "imports are absolute"),
        ("library/views.py", "def list():\n    import csv", "line 2 imports inside a function"),
    ],
)
def test_a_planted_fault_is_found(path, source, expected):
    assert any(expected in fault for fault in faults(path, source))


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("library/views.py", "from members.models import User"),
        ("awards/views.py", "from cja_portal.kit.text import clean_query"),
        ("cja_portal/views.py", "from awards.models import Cycle"),
        ("library/views.py", "import csv\nfrom django.shortcuts import render"),
    ],
)
def test_what_is_allowed_is_not_a_fault(path, source):
    assert faults(path, source) == []
