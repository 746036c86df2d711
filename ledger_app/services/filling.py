"""A superior's form filled from a ledger: proposed, corrected, filled, and remembered for next month."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from ledger_app.core.entity import Registry
from ledger_app.core.errors import LedgerError
from ledger_app.core.periods import Period
from ledger_app.db import Connection
from ledger_app.db.queries import matching
from ledger_app.db.queries.parameters import parameters
from ledger_app.db.store import ActInfo, Store
from ledger_app.export.fill import FillResult, Plan, fill_cells
from ledger_app.ingest.mapping import Profile
from ledger_app.services.form_cells import FixedCell, Said, fixed_cells, other_period
from ledger_app.services.form_columns import Listing, choose_listing, fitting_profile
from ledger_app.services.form_period import Chosen, choose
from ledger_app.services.form_rows import Filled, Progress, fill_plan
from ledger_app.services.forms import Form, FormTable, open_form

__all__ = ["Done", "Form", "FormChoices", "Proposal", "fill_form", "open_form", "propose", "remember"]

OF_FORMS: Final = "form:"  # a remembered mapping of a form stands beside those of imports, by ledger


@dataclass(frozen=True, slots=True)
class FormChoices:
    """What the clerk has decided: the sheet, the ledger, corrected columns (letter → field or ""), corrected
    cells ((row, column) → text; "" leaves the cell as it was), whether personal numbers are shown."""

    sheet: str | None = None
    ledger: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[tuple[int, int], str] = field(default_factory=dict)
    masked: bool = True
    profile: str | None = None


@dataclass(frozen=True)
class Proposal:
    """What would be filled into a form: the table as a list of a ledger, its records, the fixed cells.

    `profile` is the remembered mapping that was used, `new` and `gone` the headings in which the form
    differs from it.
    """

    form: Form
    listing: Listing
    period: Period
    chosen: Chosen
    fixed: tuple[FixedCell, ...]
    choices: FormChoices
    profile: Profile | None = None
    new: tuple[tuple[str, ...], ...] = ()
    gone: tuple[tuple[str, ...], ...] = ()

    @property
    def table(self) -> FormTable:
        return self.listing.table

    @cached_property
    def unknown(self) -> tuple[str, ...]:
        """Headings of columns that stay empty because the ledger holds nothing for them."""
        open_heads = self.table.open_heads
        return tuple(
            "".join("".join(h.path).split()) for h in open_heads if h.index not in self.listing.matches
        )

    def notes(self) -> list[str]:
        """What the clerk should know before filling, a sentence each."""
        said = [f"逐行列出{self.chosen.basis}。"]
        said += [self.chosen.left_out] if self.chosen.left_out else []
        if self.unknown:
            said.append(f"台账里没有的列留空：{'、'.join(self.unknown)}。")
        used = {match.field.name for match in self.listing.matches.values()}
        said += filter(None, (each.basis_of(used) for each in self.listing.ledger.computed))
        if self.table.held:
            said.append(f"表里原来填着 {len(self.table.held)} 行，将换成这次的内容。")
        if self.new:
            said.append(f"与记住的对应关系相比，新出现的列：{_paths(self.new)}。")
        if self.gone:
            said.append(f"记住的对应关系里有、这张表没有的列：{_paths(self.gone)}。")
        others = [t.sheet.name for t in self.form.tables if t is not self.table]
        if others:
            said.append(f"其他工作表（{'、'.join(others)}）没有填。")
        lines = [line for line in self.table.title.split("\n") if other_period(line, self.period)]
        said += [f"标题“{line.strip()}”与所选的{self.period.label}不是一种期间，没有改。" for line in lines]
        return said


@dataclass(frozen=True)
class Done:
    """A filled form: what the fill engine reports, how many records, and what could not be done as asked."""

    proposal: Proposal
    result: FillResult
    rows: int
    notes: tuple[str, ...]


def propose(
    conn: Connection,
    registry: Registry,
    form: Form,
    period: Period,
    today: date,
    choices: FormChoices | None = None,
) -> Proposal:
    """How a form would be filled for a period. LedgerError where it lists no ledger's records."""
    wanted = choices or FormChoices()
    profiles = _profiles(conn, registry, wanted.profile)
    found = choose_listing(
        form, registry, profiles, sheet=wanted.sheet, ledger=wanted.ledger, chosen=wanted.columns
    )
    entity, table = found.ledger.entity, found.table
    used = fitting_profile(table, profiles.get(entity.name, ()))
    new, gone = used.differences(table.open_heads) if used else ([], [])
    said = Said(parameters(conn, period.end).text("bureau_name"), _county(conn), period, today)
    return Proposal(
        form,
        found,
        period,
        choose(conn, registry, entity, period, table.title),
        tuple(_corrected(fixed_cells(table, said), table, wanted.cells)),
        wanted,
        used,
        tuple(new),
        tuple(gone),
    )


def fill_form(conn: Connection, proposal: Proposal, out: Path, progress: Progress | None = None) -> Done:
    """Fill a form as proposed into `out`, whole or not at all."""
    filled = filled_plan(conn, proposal, proposal.chosen.ids, progress)
    for fixed in proposal.fixed:
        filled.sheet.cells[fixed.row, fixed.column] = fixed.new
    plan = Plan({proposal.table.sheet.name: filled.sheet})
    result = fill_cells(proposal.form.path, plan, out)
    return Done(proposal, result, filled.rows, (*proposal.notes(), *filled.notes))


def filled_plan(
    conn: Connection, proposal: Proposal, ids: Sequence[int], progress: Progress | None = None
) -> Filled:
    """The rows of a form for these records (all, or the first ones for a look)."""
    rounding = parameters(conn, proposal.period.end).text("report_rounding")
    return fill_plan(
        conn,
        proposal.form.view,
        proposal.listing,
        ids,
        proposal.period.end,
        masked=proposal.choices.masked,
        rounding="half_even" if rounding == "half_even" else "half_up",
        progress=progress,
    )


def remember(store: Store, proposal: Proposal, name: str, who: str) -> str | None:
    """Keep the mapping under a name, by the form's headings; the act, None where nothing is new."""
    entity = store.registry["import_profiles"]
    matches = proposal.listing.matches
    fields = {
        head.path: matches[head.index].field.name if head.index in matches else ""
        for head in proposal.table.open_heads
    }
    ledger = f"{OF_FORMS}{proposal.listing.ledger.entity.name}"
    text = Profile(name, fields).as_text()
    old = store.rows(entity, "ledger = ? AND name = ?", (ledger, name))
    if old and old[0]["mapping"] == text:
        return None
    with store.act(ActInfo("form_profile", who, f"记住表格“{name}”的对应关系", "form")) as act:
        if old:
            act.update(entity, old[0]["uid"], {"mapping": text})
        else:
            act.insert(entity, {"ledger": ledger, "name": name, "mapping": text})
    return act.uid


def name_of(proposal: Proposal) -> str:
    """What a form's mapping is called where the clerk names it not: the form's own title."""
    lines = [line.strip() for line in proposal.table.layout.title_text.split("\n")]
    return next((line for line in lines if len(line) > 4), proposal.table.sheet.name)


def _profiles(conn: Connection, registry: Registry, only: str | None) -> dict[str, Sequence[Profile]]:
    """The remembered mappings by ledger, the newest first; with a name, that one alone where it is kept."""
    kept = {e.name: _saved(conn, e.name) for e in registry.places}
    if only is None or not any(p.name == only for profiles in kept.values() for p in profiles):
        return {name: profiles for name, profiles in kept.items() if profiles}
    return {name: [p for p in profiles if p.name == only] for name, profiles in kept.items()}


def _saved(conn: Connection, ledger: str) -> list[Profile]:
    return [Profile.from_text(*row) for row in matching.saved_profiles(conn, f"{OF_FORMS}{ledger}")]


def _county(conn: Connection) -> str:
    regions = matching.regions_in_force(conn)
    return next((name for _, name, above in regions if above is None), "")


def _corrected(
    proposed: Sequence[FixedCell], table: FormTable, said: Mapping[tuple[int, int], str]
) -> Collection[FixedCell]:
    """The proposals with the clerk's own texts in their place."""
    cells = {(c.row, c.column): c for c in proposed}
    for (row, column), text in said.items():
        old = table.sheet.text(row, column)
        if text and text != old:
            cells[row, column] = FixedCell(row, column, old, text, "clerk")
        else:
            cells.pop((row, column), None)
    return [cells[place] for place in sorted(cells)]


def _paths(paths: Sequence[tuple[str, ...]]) -> str:
    return "、".join("".join("".join(path).split()) for path in paths)


def fill_by_plan(template: Path, plan: Mapping[str, Any], out: Path) -> FillResult:
    """The fill engine alone, for a plan written by hand or by another program."""
    if not isinstance(plan, Mapping):
        raise LedgerError('填表方案应当是一个 JSON 对象，最外层是 {"sheets": …}。', "bad_plan")
    return fill_cells(template, plan, out)
