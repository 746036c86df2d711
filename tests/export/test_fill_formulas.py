"""References in formulas: found as openpyxl's Tokenizer finds them, moved as a sheet moves its rows."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.formula import Tokenizer
from openpyxl.formula.translate import Translator
from openpyxl.styles.numbers import is_date_format

from ledger_app.export.xlsx.formulas import parse_formula
from ledger_app.export.xlsx.refs import column_letters, column_number
from ledger_app.export.xlsx.rowmap import Insertion, RowMap
from ledger_app.export.xlsx.shift import Home, Shifter
from ledger_app.export.xlsx.styles import shows_date

columns = st.integers(1, 16_384).map(column_letters)
rows = st.integers(1, 2_000)
dollar = st.sampled_from(["", "$"])
cells = st.builds(lambda a, c, b, r: f"{a}{c}{b}{r}", dollar, columns, dollar, rows)
ranges = st.builds(lambda a, b: f"{a}:{b}", cells, cells)
sheets = st.sampled_from(
    ["", "表!", "'a b'!", "'it''s (1)'!", "Sheet1!", "A1!", "[2]表!", "'[2]a b'!", "'2025年'!"]
)
references = st.builds(
    lambda s, r: s + r, sheets, st.one_of(cells, ranges, st.sampled_from(["A:C", "$A:$A", "3:4", "$3:$3"]))
)
others = st.sampled_from(
    [
        "1",
        "2.5",
        "1E5",
        '"A1"',
        '"he said ""B2"""',
        "TRUE",
        "数据",
        "表1[A1]",
        "表1[[#This Row],[B2]]",
        "#REF!",
        "{1,2;3,4}",
    ]
)
operands = st.recursive(
    st.one_of(references, others),
    lambda inner: st.one_of(
        st.builds(lambda a, o, b: f"{a}{o}{b}", inner, st.sampled_from("+-*/&=<>^"), inner),
        st.builds(
            lambda f, a: f"{f}({','.join(a)})",
            st.sampled_from(["SUM", "LOG10", "IF", "_xlfn.XLOOKUP"]),
            st.lists(inner, min_size=1, max_size=3),
        ),
        st.builds(lambda a: f"({a})", inner),
    ),
    max_leaves=6,
)


def operands_by_tokenizer(text: str) -> list[str]:
    """The operands that are places on a sheet; names and tables left out."""
    found = []
    for token in Tokenizer("=" + text).items:
        if token.type == "OPERAND" and token.subtype == "RANGE":
            place = token.value.rpartition("!")[2]
            if not any(c in place for c in "[#") and any(c.isdigit() or c == ":" for c in place):
                found.append(token.value)
    return found


@given(operands)
def test_the_same_references_are_found_as_by_openpyxl(text: str) -> None:
    formula = parse_formula(text)
    assert formula.text() == text
    assert [ref.text() for ref in formula.refs()] == operands_by_tokenizer(text)


@given(cells, st.sampled_from("+-*/"), ranges, st.integers(0, 50), st.integers(0, 50))
def test_a_copy_reads_what_openpyxls_copy_reads(
    first: str, sign: str, second: str, down: int, right: int
) -> None:
    text = f"{first}{sign}SUM({second})"
    if max(column_number(c.strip("$" + string.digits)) for c in (first, *second.split(":"))) + right > 16_384:
        return
    destination = f"{column_letters(1 + right)}{1 + down}"
    expected = Translator("=" + text, "A1").translate_formula(destination)[1:]
    assert parse_formula(text).moved(down, right).text() == expected


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(0, 9)), min_size=1, max_size=4), rows, rows)
def test_rows_keep_their_order_and_their_distances_grow_by_what_went_in(
    blocks: list[tuple[int, int]], one: int, other: int
) -> None:
    insertions, row = [], 10
    for height, count in blocks:
        insertions.append(Insertion(row, row + height - 1, count))
        row += height + 3
    table = RowMap(insertions)
    first, last = sorted((one, other))
    between = sum(i.count for i in insertions if first <= i.last < last)
    assert table.row(last) - table.row(first) == last - first + between
    grown = table.span(first, last)[1] - table.row(last)
    edge = next((i for i in insertions if i.last == last), None)
    assert grown == (edge.count if edge and (first < last or edge.first == edge.last) else 0)


@given(
    st.sampled_from(
        [
            "General", "0", "0.00", "#,##0;[Red]-#,##0", "@", "0.0%", "yyyy-mm-dd", "m/d/yy h:mm", '0"天"',
            'yyyy"年"m"月"d"日"', "[$-804]aaaa;@", "[h]:mm:ss", '"days" 0', "0\\d", "_-* #,##0_-", "[DBNum1]yyyy年",
            "[Blue][>5]0.0", "mmm", "0.00E+00", "[$¥-804]#,##0",
        ]
    )
)  # fmt: skip
def test_formats_that_show_dates_are_told_apart_as_by_openpyxl(code: str) -> None:
    assert shows_date(code) == bool(is_date_format(code))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SUM(A1:\nA3)", "SUM(A1:\nA3)"),
        ("Sheet1!A1:B2:C9", "Sheet1!A1:B2:C9"),
        ("Sheet1!A9:Sheet1!B9", "Sheet1!A12:Sheet1!B12"),
        ("SHEET1!$A9", "SHEET1!$A12"),
        ("'Sheet1'!A9", "'Sheet1'!A12"),
        ("Sheet1:Sheet3!A9", "Sheet1:Sheet3!A9"),
        ("Sheet1!甲", "Sheet1!甲"),
        ("A9B", "A9B"),
        ("甲A9", "甲A9"),
        ("XFE9", "XFE9"),
        ("Sheet1!A9.5", "Sheet1!A9.5"),
    ],
)
def test_odd_spellings_are_followed_or_left(text: str, expected: str) -> None:
    shifter = Shifter({"sheet1": RowMap([Insertion(3, 4, 3)])})
    assert shifter.formula(text, Home("二")) == expected
