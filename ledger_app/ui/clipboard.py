"""Rows on the clipboard as Excel expects them: tabs and line breaks, and a table that keeps codes texts."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QMimeData

from ledger_app.core.fields import Number
from ledger_app.ui.columns import LEAD, Column, cell_text

_AS_TEXT = "mso-number-format:'\\@'"


def copied(columns: Sequence[Column], rows: Sequence[dict[str, Any]]) -> QMimeData:
    """The rows with their heads. Numbers go without commas; codes are texts, or Excel rounds them."""
    heads = [f"{c.title}（{c.unit}）" if c.unit else c.title for c in columns]
    cells = [[_cell(column, row) for column in columns] for row in rows]
    mime = QMimeData()
    mime.setText(_as_tabs([heads, *cells]))
    mime.setHtml(_as_table(columns, heads, cells))
    return mime


def pasted(text: str) -> list[list[str]]:
    """The block of cells Excel or WPS has put on the clipboard."""
    return list(csv.reader(io.StringIO(text, newline=""), delimiter="\t"))


def _cell(column: Column, row: dict[str, Any]) -> str:
    if column.name == LEAD:
        return str(row.get(column.fields[-1]) or "")
    text = cell_text(column, row)
    return text.replace(",", "") if isinstance(column.field, Number) else text


def _as_tabs(lines: Sequence[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter="\t", lineterminator="\r\n").writerows(lines)
    return out.getvalue()


def _as_table(columns: Sequence[Column], heads: Sequence[str], cells: Sequence[Sequence[str]]) -> str:
    styles = ["" if c.numeric else f' style="{_AS_TEXT}"' for c in columns]
    lines = ["".join(f"<th>{html.escape(h)}</th>" for h in heads)]
    lines += [
        "".join(f"<td{s}>{html.escape(t)}</td>" for s, t in zip(styles, row, strict=True)) for row in cells
    ]
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f'<html><head><meta charset="utf-8"></head><body><table>{body}</table></body></html>'
