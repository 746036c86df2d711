"""One sheet of a workbook → its plan: header, mapping, values, problems."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from ledger_app.core import units
from ledger_app.core.entity import Entity
from ledger_app.core.errors import Problem
from ledger_app.core.fields import Field, ReadContext, Ref
from ledger_app.ingest import layout as layouts
from ledger_app.ingest.content import recognise
from ledger_app.ingest.joint import Joint, as_matches, degrees_apart, joined_degrees, joint_columns
from ledger_app.ingest.layout import SheetLayout
from ledger_app.ingest.mapping import (
    ALIKE,
    ColumnHead,
    Match,
    Profile,
    header_key,
    likeness,
    map_columns,
)
from ledger_app.ingest.plan import SheetPlan
from ledger_app.ingest.reading import Problems, read_columns
from ledger_app.ingest.workbook import Sheet

_TOWN: Final = re.compile(r"([\u4e00-\u9fa5]{1,8}?(?:苏木|街道|镇|乡|农场|林场|牧场|团))")
_COUNTY: Final = re.compile(r"^.*?(?:自治县|自治旗|旗|县|市|区)")
_FEWEST: Final = 3  # with fewer known columns, or a smaller share of them, than these,
_MOST: Final = 0.6  # a sheet without its key is some other table


def knows(entity: Entity) -> Callable[[str], bool]:
    """Whether a text is a heading of this ledger; helps the layout to find the header row."""

    def known(text: str) -> bool:
        return any(likeness(field, (text,)) >= ALIKE for field in entity.fields)

    return known


def plan_sheet(
    entity: Entity,
    sheet: Sheet,
    context: ReadContext,
    *,
    profiles: Sequence[Profile] = (),
    chosen: Mapping[str, str] | None = None,
    meanings: Mapping[tuple[str, str], str] | None = None,
    towns: Sequence[str] = (),
) -> SheetPlan | None:
    """The plan of a sheet, or None where it holds no table of this ledger.

    `towns` are the names the ledger knows: a list that leaves out the town column is of the town
    named by its sheet or title.
    """
    layout = layouts.find_layout(sheet, knows(entity))
    if layout.kind != "data":
        return None
    heads = [ColumnHead(c.index, c.letter, c.path) for c in layout.columns]
    profile = next((p for p in profiles if p.fits(heads)), None)
    found = (units.find_unit(u) for u in layouts.units_from_meta(layout.meta_text))
    matches = map_columns(entity, heads, [u for u in found if u], profile, chosen)
    unsaid = [
        h for h in heads if h.letter not in (chosen or {}) and (profile is None or not _left_out(profile, h))
    ]

    def cells_of(index: int) -> Sequence[Any]:
        return layouts.column_values(sheet, layout, index)

    joints = joint_columns(entity, matches, unsaid, cells_of)
    matches |= as_matches(joints, matches)
    matches |= recognise(entity, unsaid, matches, cells_of, context)
    matches = dict(sorted(matches.items()))
    if not _is_of(entity, matches, len(heads)):
        return None
    apart = degrees_apart(heads, matches)
    raws = _raw_columns(entity, sheet, layout, matches, towns)
    raws = _rejoined(entity, raws, matches, joints, apart, cells_of)
    named = {m.field.name: m for m in matches.values()}
    values, problems = read_columns(entity, raws, named, context, meanings or {})
    _formula_gaps(sheet, layout, matches, values, problems)
    return SheetPlan(
        name=sheet.name,
        header_rows=(layout.header_rows[0], layout.header_rows[-1]),
        heads=heads,
        mapping=matches,
        row_numbers=layout.data_rows,
        raws=raws,
        values=values,
        problems=problems,
        profile=profile,
    )


def _left_out(profile: Profile, head: ColumnHead) -> bool:
    """A column the clerk has chosen to leave out before."""
    return any(header_key(p) == header_key(head.path) and not f for p, f in profile.fields.items())


def _is_of(entity: Entity, matches: Mapping[int, Match], columns: int) -> bool:
    """A table of this ledger names its key, or most of its columns are known to the ledger."""
    names = {m.field.name for m in matches.values()}
    return bool(names & set(entity.key[:1])) or len(names) >= max(_FEWEST, _MOST * columns)


def _raw_columns(
    entity: Entity,
    sheet: Sheet,
    layout: SheetLayout,
    matches: Mapping[int, Match],
    towns: Sequence[str],
) -> dict[str, Sequence[Any]]:
    """Cells by field name, in the order the fields are declared; places filled down."""
    columns = {m.field.name: index for index, m in matches.items()}
    raws: dict[str, Sequence[Any]] = {}
    above: int | None = None
    for field in entity.fields:
        if field.name in columns:
            index = columns[field.name]
            if _is_place(field):
                raws[field.name] = layouts.filled_column(sheet, layout, index, reset_by=above)
                above = index
            else:
                raws[field.name] = layouts.column_values(sheet, layout, index)
        elif _is_outer_place(entity, field) and (named := _places_named(sheet, layout, towns)):
            raws[field.name] = named
    return raws


def _rejoined(
    entity: Entity,
    raws: Mapping[str, Sequence[Any]],
    matches: Mapping[int, Match],
    joints: Sequence[Joint],
    apart: Mapping[int, Sequence[int]],
    cells_of: Callable[[int], Sequence[Any]],
) -> dict[str, Sequence[Any]]:
    """Fields that share a column each with their own cells; degrees, minutes and seconds as one."""
    found = dict(raws)
    for joint in joints:
        found[joint.first.name], found[joint.second.name] = joint.columns(cells_of(joint.index))
    for index, beside in apart.items():
        found[matches[index].field.name] = joined_degrees([cells_of(i) for i in (index, *beside)])
    return {f.name: found[f.name] for f in entity.fields if f.name in found}


def _is_place(field: Field) -> bool:
    return isinstance(field, Ref) and field.missing == "create"


def _is_outer_place(entity: Entity, field: Field) -> bool:
    """A place that others lie in (the town of a village)."""
    return _is_place(field) and any(r.within == field.name for r in entity.refs)


def _places_named(sheet: Sheet, layout: SheetLayout, towns: Sequence[str]) -> list[str | None]:
    """The town of each row where no column says it: from the banner above it, else from the sheet."""
    whole = town_of(sheet.name, layout, towns)
    if not layout.section_rows:
        return [whole] * len(layout.data_rows) if whole else []
    banners: dict[str, str | None] = {}
    town = whole
    for text in dict.fromkeys(layouts.section_texts(layout)):
        town = banners[text] = (
            _town_in(text, towns) or town
        )  # a banner without a town lies within the last one
    found = [banners[text] for text in layouts.section_texts(layout)]
    return found if any(found) else []


def _town_in(text: str, towns: Sequence[str]) -> str | None:
    known = next((t for t in sorted(towns, key=len, reverse=True) if t in text), None)
    match = _TOWN.search(text.rpartition("、")[2] or text)
    return known or (match.group(1) if match else None)


def town_of(sheet_name: str, layout: SheetLayout, towns: Sequence[str]) -> str | None:
    """The town a whole sheet is about, from its name, its title or 填报单位."""
    texts = [sheet_name, layout.title_text, layout.meta_text]
    for text in texts:
        for town in sorted(towns, key=len, reverse=True):
            if town in text or (
                text == sheet_name and len(text.strip()) >= 2 and town.startswith(text.strip())
            ):
                return town
    for text in texts:
        bare = _COUNTY.sub("", text, count=1)
        if match := _TOWN.search(bare) or _TOWN.search(text):
            return match.group(1)
    return None


def _formula_gaps(
    sheet: Sheet,
    layout: SheetLayout,
    matches: Mapping[int, Match],
    values: Mapping[str, list[Any]],
    problems: Problems,
) -> None:
    """A formula whose result was never stored reads as blank: such a row is refused, never emptied."""
    if not sheet.formula_gaps:
        return
    at = {number - sheet.excel_row(0): i for i, number in enumerate(layout.data_rows)}
    for row, column in sorted(sheet.formula_gaps):
        if row in at and column in matches:
            name = matches[column].field.name
            text = "这一格是公式，文件里没有存结果。请先用 Excel 或 WPS 打开这个文件并保存，再导入。"
            problems.setdefault(at[row], []).append(Problem("formula_without_value", text, field=name))
            values[name][at[row]] = None
