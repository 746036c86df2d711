"""What test_architecture.py looks for: each check takes source text and answers with sentences, empty if kept."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

# Who may import what: the longest fitting prefix decides, and what is not named here is free.
ONLY_IN: Final[Mapping[str, tuple[str, ...]]] = {
    "PySide6": ("ledger_app.ui", "ledger_app.app", "ledger_app.__main__"),
    "sqlite3": ("ledger_app.db",),
    "sqlite_utils": ("ledger_app.db",),
    "openpyxl": ("ledger_app.ingest", "ledger_app.export"),
    "lxml": ("ledger_app.ingest", "ledger_app.export"),
    "python_calamine": ("ledger_app.ingest", "ledger_app.export"),
    "docx": ("ledger_app.ingest", "ledger_app.export"),
    "pypdfium2": ("ledger_app.ingest", "ledger_app.export"),
    "reportlab": ("ledger_app.export",),
    "matplotlib": ("ledger_app.export",),
    "matplotlib.backends.backend_qtagg": ("ledger_app.ui.pages",),
    "matplotlib.pyplot": (),
    "pylab": (),
    "pypinyin": ("ledger_app.db.search",),
    "rapidfuzz": ("ledger_app.ingest",),
    "click": ("ledger_app.cli",),
    "platformdirs": ("ledger_app.paths",),
}
# The window and the command line use services, the read models in SQL, and the values they show.
FOR_UI_AND_CLI: Final = (
    "ledger_app.core",
    "ledger_app.db.queries",
    "ledger_app.export.report",
    "ledger_app.paths",
    "ledger_app.services",
)
FILES_AND_SYSTEM: Final = frozenset(
    {"glob", "io", "os", "pathlib", "shutil", "socket", "subprocess", "tempfile"}
)
MUTABLE_CALLS: Final = frozenset(
    {"Counter", "OrderedDict", "bytearray", "defaultdict", "deque", "dict", "list", "set"}
)
MUTABLE_NODES: Final = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
MUTATING: Final = frozenset(
    {
        "add",
        "append",
        "clear",
        "discard",
        "extend",
        "insert",
        "pop",
        "popitem",
        "remove",
        "setdefault",
        "update",
    }
)
SQL_SUM: Final = re.compile(r"\b(?:SUM|TOTAL|AVG)\s*\(", re.IGNORECASE)
REAL_EQUAL: Final = re.compile(
    r"""\b(?:WHERE|AND|OR|ON|WHEN)\s+[\w."]*_(?:m3|m|mu|yuan)"?\s*(?:=|<>|!=|IS(?!\s+(?:NOT\s+)?NULL))""",
    re.IGNORECASE,
)
# Written so that this file does not hold what it looks for.
OF_ONE_MACHINE: Final = re.compile(
    r"/(?:w[o]rk|t[m]p|r[o]ot|h[o]me/\w+|U[s]ers/\w+|o[p]t/(?!apps))/"
    r"|[A-Z]:\\U[s]ers\\|\.\./sh[a]red|\.lib[r]ary"
    r"|--(?:extra-)?in[d]ex-url|--fin[d]-links|(?:py[p]i|pyth[o]nhosted|npm[j]s)\.(?:org|com)|\bmirr[o]rs?\.",
)


def within(module: str, places: Sequence[str]) -> bool:
    return any(module == place or module.startswith(f"{place}.") for place in places)


def imports(source: str, module: str, *, package: bool = False) -> Iterator[tuple[int, str]]:
    """(line, full name) of everything imported, in functions too; `from a import b` gives a.b.

    `module` is the importing module's full name, `package` whether it is an `__init__`.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _base(node, module, package)
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and _called(node) in {"import_module", "__import__"}:
            yield from ((node.lineno, text) for text in _text_of(node.args[:1]))


def _base(node: ast.ImportFrom, module: str, package: bool) -> str:
    if not node.level:
        return node.module or ""
    parts = module.split(".")
    kept = parts[: len(parts) - node.level + (1 if package else 0)]
    return ".".join([*kept, *([node.module] if node.module else [])])


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _text_of(nodes: Sequence[ast.expr]) -> list[str]:
    return [n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]


def misplaced_imports(source: str, module: str, *, package: bool = False) -> list[str]:
    """Libraries imported outside the layer they belong to."""
    found = []
    for line, name in imports(source, module, package=package):
        rule = max((key for key in ONLY_IN if within(name, (key,))), key=len, default=None)
        if rule is not None and not within(module, ONLY_IN[rule]):
            found.append(f"{module}:{line} imports {name}")
    return found


def beyond_services(source: str, module: str, *, package: bool = False) -> list[str]:
    """What ui and cli import of ours besides services, read models and plain values."""
    own = ".".join(module.split(".")[:2])
    return [
        f"{module}:{line} imports {name}"
        for line, name in imports(source, module, package=package)
        if within(name, ("ledger_app",)) and not within(name, (*FOR_UI_AND_CLI, own))
    ]


def beyond_standard_library(source: str, module: str, *, package: bool = False) -> list[str]:
    """What core imports besides itself and the part of the standard library that touches no file."""
    return [
        f"{module}:{line} imports {name}"
        for line, name in imports(source, module, package=package)
        if not within(name, ("ledger_app.core",))
        and (name.split(".")[0] not in sys.stdlib_module_names or name.split(".")[0] in FILES_AND_SYSTEM)
    ]


def imports_of_ours(source: str, module: str, *, package: bool = False) -> list[str]:
    return [
        f"{module}:{line} imports {name}"
        for line, name in imports(source, module, package=package)
        if within(name, ("ledger_app",))
    ]


def module_state(source: str) -> list[str]:
    """Module-level values that can change, `global`, and changes made to constants.

    A list, dict or set may stand at the top of a module only under an UPPER_CASE name, and then nothing
    may change it.
    """
    tree = ast.parse(source)
    found = [f"line {line}: {name} can change" for line, name in _lower_case_containers(tree.body)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            found.append(f"line {node.lineno}: global {', '.join(node.names)}")
        found += [f"line {line}: {name} is changed" for line, name in _changed(node) if _is_constant(name)]
    return found


def _lower_case_containers(body: Sequence[ast.stmt]) -> Iterator[tuple[int, str]]:
    for node in body:
        if isinstance(node, ast.If | ast.Try | ast.With):
            yield from _lower_case_containers(
                [n for n in ast.iter_child_nodes(node) if isinstance(n, ast.stmt)]
            )
        if not isinstance(node, ast.Assign | ast.AnnAssign) or not _is_container(node.value):
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            if isinstance(target, ast.Name) and not _is_constant(target.id) and target.id != "__all__":
                yield node.lineno, target.id


def _is_container(node: ast.expr | None) -> bool:
    return isinstance(node, MUTABLE_NODES) or (isinstance(node, ast.Call) and _called(node) in MUTABLE_CALLS)


def _is_constant(name: str) -> bool:
    return name.lstrip("_").isupper() and len(name.lstrip("_")) > 1


def _changed(node: ast.AST) -> list[tuple[int, str]]:
    """(line, name) a statement changes in place: x.append(…), x[k] = …, del x[k], x += …"""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MUTATING:
        return [(node.lineno, name) for name in _last_name(node.func.value)]
    if isinstance(node, ast.AugAssign):
        target = node.target
        return [(node.lineno, name) for name in _last_name(_container_of(target) or target)]
    if isinstance(node, ast.Assign | ast.Delete):
        containers = filter(None, map(_container_of, node.targets))
        return [(node.lineno, name) for container in containers for name in _last_name(container)]
    return []


def _container_of(target: ast.expr) -> ast.expr | None:
    return target.value if isinstance(target, ast.Subscript) else None


def _last_name(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Name):
        return [node.id]
    return [node.attr] if isinstance(node, ast.Attribute) else []


def texts(source: str) -> Iterator[tuple[int, str]]:
    """(line, text) of every string that is not a docstring; the fixed parts of f-strings too."""
    tree = ast.parse(source)
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.lineno, node.value


def named_entities(source: str, names: Sequence[str]) -> list[str]:
    """Entity names (or labels) that generic code speaks of, as text or as an identifier."""
    words = list(texts(source))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name | ast.Attribute):
            words += [(node.lineno, name) for name in _last_name(node)]
    named = re.compile(
        "|".join(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])" for name in names if name) or r"(?!)"
    )
    return [f"line {line}: {text!r}" for line, text in words if named.search(text)]


def sums_of_real(source: str) -> list[str]:
    """SQL that adds up, or compares for equality, numbers that are stored as REAL."""
    return [
        f"line {line}: {text.strip()[:60]}"
        for line, text in texts(source)
        if SQL_SUM.search(text) or REAL_EQUAL.search(text)
    ]


def of_one_machine(text: str) -> list[str]:
    """Paths and addresses that exist only where somebody worked."""
    return [
        f"line {number}: {line.strip()[:80]}"
        for number, line in enumerate(text.splitlines(), 1)
        if OF_ONE_MACHINE.search(line)
    ]
