"""Makes resources/templates/ledger.xlsx, the look of every exported ledger. Run it after changing the look
here; or change the workbook itself in Excel, keeping its four rows."""

from __future__ import annotations

import sys
from pathlib import Path

from ledger_app import paths
from ledger_app.export.book import SheetPlan, open_book
from ledger_app.export.files import atomic_write
from ledger_app.export.frame import Frame, head_xml, tail_xml
from ledger_app.export.sheet import cell, row_xml
from ledger_app.export.styles import Style, StyleSheet, number_format

HEAD_FILL = "E8EEF6"
BODY = Style(size_pt=10.5, border=True)
TEXT = Style(size_pt=10.5, border=True, number_format="@", wrap=True)


def prototypes() -> list[tuple[str, Style, float]]:
    """Kind, look and width. Text cells are formatted as text, so a retyped "=1+1" stays text too."""
    numbers = [
        (
            f"number{places}",
            Style(size_pt=10.5, border=True, align="right", number_format=number_format(places)),
            11.0,
        )
        for places in range(7)
    ]
    return [
        ("text", TEXT, 14.0),
        ("code", Style(size_pt=10.5, border=True, number_format="@"), 22.0),
        ("choice", Style(size_pt=10.5, border=True, align="center", number_format="@"), 11.0),
        ("ref", TEXT, 16.0),
        ("remark", TEXT, 26.0),
        ("date", Style(size_pt=10.5, border=True, align="center", number_format="yyyy-mm-dd"), 12.0),
        ("coordinate", Style(size_pt=10.5, border=True, align="right", number_format=number_format(6)), 13.0),
        ("number", Style(size_pt=10.5, border=True, align="right"), 11.0),
        *numbers,
    ]


def make(path: Path) -> None:
    """Write the house workbook; the same bytes every time."""
    sheet_styles = StyleSheet()
    kinds = prototypes()
    title = sheet_styles.index(Style(font="黑体", size_pt=16, align="center"))
    left = sheet_styles.index(Style(size_pt=10.5))
    right = sheet_styles.index(Style(size_pt=10.5, align="right"))
    head = sheet_styles.index(
        Style(size_pt=10.5, bold=True, align="center", wrap=True, border=True, fill=HEAD_FILL)
    )
    looks = [sheet_styles.index(style) for _, style, _ in kinds]
    last = len(kinds) - 1
    rows = [
        row_xml(1, [cell(1, 0, "标题", title)], 30),
        row_xml(2, [cell(2, 0, "填报单位", left), cell(2, last, "单位", right)], 20),
        row_xml(3, [cell(3, at, kind, head) for at, (kind, _, _) in enumerate(kinds)], 32),
        row_xml(4, [cell(4, at, None, look) for at, look in enumerate(looks)], 18),
    ]
    frame = Frame(widths=[width for _, _, width in kinds], frozen_rows=3)
    with atomic_write(path) as file, open_book(file, sheet_styles.xml(), [SheetPlan("样式")]) as book:
        with book.sheet(0) as sheet:
            sheet.write(head_xml(frame) + "".join(rows).encode() + tail_xml(frame))


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else paths.resource("templates", "ledger.xlsx"))
