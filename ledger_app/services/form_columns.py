"""Which ledger a form lists, and which of its columns takes which field, in which unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ledger_app.core.entity import Entity, Registry
from ledger_app.core.errors import LedgerError
from ledger_app.core.fields import Field, Number, Ref, Text
from ledger_app.ingest.mapping import (
    EXACT,
    SAME_WORDS,
    ColumnHead,
    Match,
    Profile,
    header_key,
    likeness,
    map_columns,
)
from ledger_app.services.form_ledgers import FormLedger
from ledger_app.services.forms import Form, FormTable

SHARE: Final = 0.5  # of a form's open columns must be known to a ledger whose records it lists
FEWEST: Final = 3
REMEMBERED: Final = 0.6  # of a remembered mapping's headings must stand in a form it is used for
_GENERIC: Final = frozenset({"名称", "姓名", "名字", "全称", "单位名称"})
_ANYWHERE: Final = frozenset({"remark"})  # a column that every form has proves nothing
_SETTINGS: Final = "设置"


@dataclass(frozen=True, slots=True)
class Listing:
    """A table of a form as the list of a ledger: column index → field."""

    table: FormTable
    ledger: FormLedger
    matches: Mapping[int, Match]

    @property
    def known(self) -> int:
        """Columns that speak for this ledger."""
        return sum(m.field.name not in _ANYWHERE for m in self.matches.values())

    @property
    def share(self) -> float:
        told = [h for h in self.table.open_heads if not _is_remark(h, self.matches)]
        return self.known / max(1, len(told))


def choose_listing(
    form: Form,
    registry: Registry,
    profiles: Mapping[str, Sequence[Profile]],
    *,
    sheet: str | None = None,
    ledger: str | None = None,
    chosen: Mapping[str, str] | None = None,
) -> Listing:
    """The table and ledger that fit best. `profiles` are the remembered mappings by ledger, `chosen` (letter →
    field or "") what the clerk has corrected. LedgerError with a sentence where the form lists no ledger."""
    tables = [t for t in form.tables if sheet in (None, t.sheet.name)]
    if not tables:
        raise LedgerError(_no_table(form, sheet), "no_table")
    entities = [e for e in registry.places if e.group != _SETTINGS and ledger in (None, e.name)]
    found = [
        match_table(table, FormLedger(entity, registry), profiles.get(entity.name, ()), chosen)
        for table in tables
        for entity in entities
    ]
    fitting = [one for one in found if ledger is not None or _lists(one)]
    if not fitting:
        raise LedgerError(_not_a_list(max(found, key=lambda one: one.known)), "not_a_list")
    return max(fitting, key=_rank)


def match_table(
    table: FormTable,
    ledger: FormLedger,
    profiles: Iterable[Profile] = (),
    chosen: Mapping[str, str] | None = None,
) -> Listing:
    """Columns by what the clerk chose, then the remembered mapping, then the ledger's own headings, and what
    is left by those of the records it refers to."""
    settled = _remembered(fitting_profile(table, profiles), table.open_heads) | dict(chosen or {})
    settled = {letter: name for letter, name in settled.items() if not name or name in ledger.fields}
    matches = _settled(table, ledger, settled)
    free = [h for h in table.open_heads if h.letter not in settled]
    for head in free:
        if (field := _named_by_group(ledger.own, head)) and not _taken(field.name, matches):
            matches[head.index] = Match(field, EXACT, None)
    for entity, least in ((ledger.own, 0.0), (ledger.referred, SAME_WORDS)):
        open_fields = tuple(f for f in entity.fields if not _taken(f.name, matches))
        heads = [h for h in free if h.index not in matches]
        more = map_columns(replace(entity, fields=open_fields), heads, table.meta_units)
        matches |= {index: match for index, match in more.items() if match.score >= least}
    return Listing(table, ledger, dict(sorted(matches.items())))


def fitting_profile(table: FormTable, profiles: Iterable[Profile]) -> Profile | None:
    """The remembered mapping that has most in common with the form; a form may gain and lose columns."""
    here = {header_key(h.path) for h in table.open_heads}
    best, most = None, REMEMBERED
    for profile in profiles:
        known = {header_key(path) for path in profile.fields}
        share = len(known & here) / max(1, len(known))
        if share > most or (share == most and best is None):
            best, most = profile, share
    return best


def _settled(table: FormTable, ledger: FormLedger, settled: Mapping[str, str]) -> dict[int, Match]:
    every = replace(ledger.entity, fields=tuple(ledger.fields.values()), key=(), title=())
    heads = [h for h in table.open_heads if settled.get(h.letter)]
    return map_columns(every, heads, table.meta_units, None, settled)


def _remembered(profile: Profile | None, heads: Sequence[ColumnHead]) -> dict[str, str]:
    if profile is None:
        return {}
    known = {header_key(path): name for path, name in profile.fields.items()}
    return {h.letter: known[header_key(h.path)] for h in heads if header_key(h.path) in known}


def _named_by_group(entity: Entity, head: ColumnHead) -> Field | None:
    """权属人 › 名称 is the 权属人: a word that says nothing alone belongs to what stands above it."""
    parts = [part for part in head.path if part.strip()]
    if len(parts) < 2 or "".join(parts[-1].split()) not in _GENERIC:
        return None
    named = (
        f for f in entity.fields if isinstance(f, Text | Ref) and likeness(f, tuple(parts[:-1])) >= EXACT
    )
    return next(named, None)


def _taken(name: str, matches: Mapping[int, Match]) -> bool:
    return any(match.field.name == name for match in matches.values())


def _is_remark(head: ColumnHead, matches: Mapping[int, Match]) -> bool:
    match = matches.get(head.index)
    return match is not None and match.field.name in _ANYWHERE


def _lists(one: Listing) -> bool:
    """A list of a ledger's records names their key and is mostly made of what the ledger knows."""
    key = one.ledger.entity.key[0]
    keyed = any(m.field.name == key and m.score >= SAME_WORDS - 1 for m in one.matches.values())
    broken_down = one.table.layout.outline  # from county to well: its rows are no records
    return (
        keyed
        and not broken_down
        and one.known >= min(FEWEST, len(one.table.open_heads))
        and one.share >= SHARE
    )


def _rank(one: Listing) -> tuple[float, ...]:
    """More known columns; among equals the ledger whose name the title says, then the first declared."""
    named = one.ledger.entity.label in "".join(one.table.title.split())
    return (one.known + (1 if named else 0), one.share)


def _no_table(form: Form, sheet: str | None) -> str:
    if sheet is not None:
        names = "、".join(table.sheet.name for table in form.tables)
        return f"“{form.path.name}”里没有“{sheet}”这张可以填的表" + (
            f"，有的是：{names}。" if names else "。"
        )
    return f"“{form.path.name}”里没有认出表头，不知道往哪里填。请确认这是要填的表。"


def _not_a_list(nearest: Listing) -> str:
    title = _title(nearest.table)
    return (
        f"“{title}”的每一行不是台账里的一条记录，或者多数列台账里没有，不能照台账逐行填。"
        "按乡镇、按措施汇总的表请用“报表”，或自己填好数再报。"
    )


def _title(table: FormTable) -> str:
    lines = [line for line in table.layout.title_text.split("\n") if len(line.strip()) > 4]
    return lines[0].strip() if lines else table.sheet.name


def unit_said(match: Match) -> str:
    """The unit a column is written in; empty for what has none."""
    if not isinstance(match.field, Number):
        return ""
    return match.unit.symbol if match.unit else match.field.unit_label
