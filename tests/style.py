"""Figures that are looked at in review and never fail a check: printed by `dev.py check`."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).parents[1]


def large(source: str) -> Iterator[str]:
    """What is longer or wider than usual in one module."""
    if (lines := source.count("\n")) > 300:
        yield f"{lines} lines"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef):
            methods = sum(isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef) for item in node.body)
            if methods > 15:
                yield f"class {node.name} has {methods} methods"


def function_lengths(source: str) -> list[int]:
    """Lines of every function, its `def` included, decorators not."""
    return [
        (node.end_lineno or node.lineno) - node.lineno + 1
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def main() -> None:
    lengths: list[int] = []
    for path in sorted((PROJECT / "ledger_app").rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        lengths += function_lengths(source)
        for remark in large(source):
            print(f"{path.relative_to(PROJECT).as_posix()}: {remark}")
    print(f"{len(lengths)} functions, median length {statistics.median(lengths or [0]):g} lines")


if __name__ == "__main__":
    main()
