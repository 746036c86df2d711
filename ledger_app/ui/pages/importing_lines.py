"""The rows of an import plan as lines of a table: outcome, what is doubtful, every value beside its old one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from ledger_app.core.entity import Entity
from ledger_app.core.fields import Coordinate, Field, Number, Text
from ledger_app.services.change_log import CellChange
from ledger_app.services.import_review import Review, RowKey
from ledger_app.services.import_sheets import cell_text
from ledger_app.ui.columns import on_screen
from ledger_app.ui.lines_table import Cell, LineColumn

OUTCOME_WORDS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "new": ("新增", "green"),
        "changed": ("更改", "blue"),
        "same": ("相同", "muted"),
        "needs_confirmation": ("待确认", "amber"),
        "refused": ("退回", "red"),
    }
)
DECIDED: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {"take": ("确认导入", "green"), "typed": ("照原样导入", "green"), "out": ("不导入", "muted")}
)
_KEPT: Final = 4096
LOOKED_AT: Final = 200  # rows that decide which columns come first
MOST_FIRST: Final = 8
Changes = Callable[[RowKey], Sequence[CellChange]]


def outcome_words(review: Review, key: RowKey) -> tuple[str, str]:
    """What becomes of a row, as a word and its tone."""
    decision = review.decisions.get(key)
    return DECIDED[decision] if decision else OUTCOME_WORDS[review.outcome(key)]


def row_name(review: Review, key: RowKey) -> str:
    return f"{review.sheet(key).name} 第 {review.sheet(key).row_numbers[key[1]]} 行"


class PlanLines:
    """Gives the cells of the rows shown. `changes` says what a known record's row changes, in words."""

    def __init__(self, review: Review, changes: Changes) -> None:
        self._review = review
        self._changes = lru_cache(maxsize=_KEPT)(
            lambda key: {change.field: change for change in changes(key)}
        )
        self._every = _fields(review)
        self._fields = self._every
        self._several = len(review.plan.sheets) > 1
        self.keys: Sequence[RowKey] = ()

    def show(self, keys: Sequence[RowKey], *, all_rows: bool) -> None:
        """These rows. Of a part of the rows the key and what is doubtful or changed in them come first."""
        self.keys = keys
        wanted = set() if all_rows else {name for key in keys[:LOOKED_AT] for name in self._remarkable(key)}
        first = [f for f in self._every if f.name in wanted] if len(wanted) <= MOST_FIRST else []
        own = [f for f in self._every if f.name in self._review.plan.entity.key[:1]] if first else []
        order = dict.fromkeys(f.name for f in (*own, *first, *self._every))
        by_name = {f.name: f for f in self._every}
        self._fields = [by_name[name] for name in order]

    def _remarkable(self, key: RowKey) -> Iterable[str]:
        doubtful = [p for p in self._review.problems(key) if p.severity != "info"]
        return (
            [n for p in doubtful for n in _about(p.suggestion, p.field)] if doubtful else self._changed(key)
        )

    def forget(self) -> None:
        """Decisions have changed what rows hold."""
        self._changes.cache_clear()

    def columns(self) -> list[LineColumn]:
        place = [LineColumn("表", 84)] if self._several else []
        fixed = [LineColumn("行", 52, numeric=True), *place, LineColumn("结果", 82), LineColumn("说明", 300)]
        return [*fixed, *(_column(f) for f in self._fields)]

    def cell(self, line: int, column: int) -> Cell:
        key = self.keys[line]
        lead = 3 + self._several
        if column >= lead:
            return self._value(key, self._fields[column - lead])
        sheet = self._review.sheet(key)
        if column == 0:
            return Cell(str(sheet.row_numbers[key[1]]), "muted")
        if column == 1 and self._several:
            return Cell(sheet.name, "muted")
        return self._outcome(key) if column == lead - 2 else self._remark(key)

    def _outcome(self, key: RowKey) -> Cell:
        word, tone = outcome_words(self._review, key)
        return Cell(word, tone, bold=tone in ("amber", "red"))

    def _remark(self, key: RowKey) -> Cell:
        problems = self._review.problems(key)
        if problems:
            order = ("refuse", "confirm", "info")
            worst = min((p.severity for p in problems), key=order.index)
            tone = {"refuse": "red", "confirm": "amber", "info": "muted"}[worst]
            return Cell("".join(dict.fromkeys(p.text for p in problems)), tone)
        changed = self._changed(key)
        return Cell(
            f"改 {len(changed)} 格：{'、'.join(c.label for c in changed.values())}" if changed else ""
        )

    def _value(self, key: RowKey, field: Field) -> Cell:
        sheet, i = self._review.sheet(key), key[1]
        if field.name not in sheet.values:
            return Cell("")
        value = sheet.values[field.name][i]
        text = on_screen(field, value)
        ground = _ground(self._review, key, field.name)
        if ground:
            raw = cell_text(sheet.raws[field.name][i]) if field.name in sheet.raws else ""
            differs = value is not None and raw not in (text, "")
            return Cell(
                text or raw, "red" if ground == "red_pale" else "amber", ground, was=raw if differs else ""
            )
        if (change := self._changed(key).get(field.name)) is not None:
            old = change.old.removesuffix(field.unit_label).rstrip()  # the unit stands in the head
            return Cell(text, "ink", "blue_pale", was=old or "空")
        return Cell(text, "muted" if self._review.outcome(key) == "same" else "")

    def _changed(self, key: RowKey) -> Mapping[str, CellChange]:
        """What is changed by a row that may go in."""
        if self._review.outcome(key) == "refused" or not self._review.changes(key):
            return {}
        return self._changes(key)


def _fields(review: Review) -> list[Field]:
    """The fields the sheets have columns for, in the order of the columns; then those that were concluded."""
    names: dict[str, Field] = {}
    for sheet in review.plan.sheets:
        names |= {
            m.field.name: m.field for _, m in sorted(sheet.mapping.items()) if m.field.name not in names
        }
    entity: Entity = review.plan.entity
    for sheet in review.plan.sheets:
        names |= {n: entity.field(n) for n in sheet.values if n not in names}
    return list(names.values())


def _column(field: Field) -> LineColumn:
    numeric = isinstance(field, Number | Coordinate)
    room = 108 if numeric else 156 if isinstance(field, Text) else 132
    wide = max(room, 24 + 14 * len(field.label) + 8 * len(field.unit_label))
    return LineColumn(field.label, wide, field.unit_label, numeric)


def _ground(review: Review, key: RowKey, name: str) -> str:
    """Red where the cell keeps the row out, amber where it is doubtful."""
    severities = {p.severity for p in review.problems(key) if name in _about(p.suggestion, p.field)}
    if "refuse" in severities:
        return "red_pale"
    return "amber_pale" if "confirm" in severities else ""


def _about(suggestion: Any, field: str) -> Iterable[str]:
    return suggestion if isinstance(suggestion, dict) else (field,)
