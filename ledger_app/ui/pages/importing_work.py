"""The work of an import beside the window: read, compare, write, take back, give rows back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from ledger_app.core.entity import Entity, Registry
from ledger_app.core.fields import ReadContext
from ledger_app.services import backups, history, importing, rejecting
from ledger_app.services.import_review import Review, RowKey
from ledger_app.services.import_sheets import SheetView, chosen_column, likely_ledgers, sheet_views
from ledger_app.services.importing import Applied, Book, Choices
from ledger_app.ui.pages.importing_review import Reviewed
from ledger_app.ui.places import PageContext
from ledger_app.ui.workers import Task

SURE: Final = 3.0  # a ledger is guessed only where this much of its headers is found
CLEARER: Final = 1.3  # and where it fits so many times better than the next one


@dataclass(frozen=True, slots=True)
class Planned:
    """What reading and comparing gave. Without `entity` the headers fit no ledger for sure: `likely` names
    those that come near."""

    book: Book
    entity: Entity | None
    likely: tuple[Entity, ...] = ()
    views: tuple[SheetView, ...] = ()
    reviewed: Reviewed | None = None


class ImportWork(QObject):
    """What is being imported, and what was decided so far. `stale`: to be compared again before writing."""

    planned = Signal(object)
    failed = Signal(object)
    written = Signal(object)
    not_written = Signal(object)
    undone = Signal(object)
    retyped = Signal(object)
    given_back = Signal(object)

    def __init__(self, context: PageContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self.writing = False
        self.begin_again()

    def begin_again(self) -> None:
        self.book: Book | None = None
        self.entity: Entity | None = None
        self.views: tuple[SheetView, ...] = ()
        self.review: Review | None = None
        self.applied: Applied | None = None
        self.choices = Choices()
        self.stale = False

    @property
    def book_name(self) -> str:
        return self.book.path.name if self.book else ""

    # ---- reading and comparing ---------------------------------------------------------------

    def read(self, path: Path, entity: Entity | None) -> Task:
        """Read a workbook anew and compare it; the ledger is told by its headers where none is named."""
        self.begin_again()
        self.entity = entity
        return self._plan(path)

    def plan(self) -> Task | None:
        """Compare again with what was corrected."""
        return self._plan(self.book.path) if self.book else None

    def _plan(self, path: Path) -> Task:
        space = self._context.workspace
        job = _Planning(
            space.registry, space.context, path, self.book, self.entity, self.choices, self.review
        )
        return self._context.workers.read_long(f"核对 {path.name}", job, self._planned, self.failed.emit)

    def _planned(self, planned: Planned) -> None:
        self.stale = False
        if planned.entity and planned.reviewed:
            self.book, self.entity, self.views = planned.book, planned.entity, planned.views
            self.review = planned.reviewed.review
        self.planned.emit(planned)

    # ---- corrections -------------------------------------------------------------------------

    def choose_column(self, sheet: str, letter: str, field: str) -> None:
        """A column for a field; another column that had the field is left out then."""
        if self.entity is None:
            return
        view = next(v for v in self.views if v.name == sheet)
        mapping = dict(self.choices.columns.get(sheet, {}))
        had = [c.letter for c in view.columns if field and c.field == field and c.letter != letter]
        mapping |= dict.fromkeys(had, "") | {letter: field}
        self.choices = replace(self.choices, columns={**self.choices.columns, sheet: mapping})
        for changed, name in mapping.items():
            view = chosen_column(self.entity, view, changed, name)
        self._replace_view(view)

    def take_sheet(self, sheet: str, taken: bool) -> None:
        left_out = {*self.choices.left_out, sheet} - ({sheet} if taken else set())
        self.choices = replace(self.choices, left_out=left_out)
        self._replace_view(replace(next(v for v in self.views if v.name == sheet), taken=taken))

    def answer(self, answers: dict[str, dict[tuple[str, str], str]]) -> None:
        """What ambiguous words mean, by sheet."""
        meanings = {sheet: dict(words) for sheet, words in self.choices.meanings.items()}
        for sheet, words in answers.items():
            meanings.setdefault(sheet, {}).update(words)
        self.choices = replace(self.choices, meanings=meanings)

    def refuse_profile(self) -> None:
        self.choices = replace(self.choices, profile=importing.NO_PROFILE)

    def choose_ledger(self, entity: Entity) -> None:
        self.entity, self.choices, self.review = entity, Choices(), None

    def retype(self, keys: Sequence[RowKey]) -> None:
        """See how rows would go in as they were typed."""
        review, registry = self.review, self._context.registry
        if review:
            self._context.workers.read(lambda conn: review.retype(conn, registry, keys), self.retyped.emit)

    def _replace_view(self, view: SheetView) -> None:
        self.stale = True
        self.views = tuple(view if v.name == view.name else v for v in self.views)

    # ---- writing -----------------------------------------------------------------------------

    def write(self, save_as: str | None) -> Task | None:
        """All that goes in, as one act, with a backup before it; the mapping remembered under a name."""
        space, review = self._context.workspace, self.review
        if review is None or not space.may_write:
            return None
        plan, confirmed = review.plan, review.confirmed()
        who, path = space.operator.name, space.path
        self.writing = True

        def job(store: Any, progress: Any) -> Applied:
            backups.automatic(store.conn, path, datetime.now().astimezone(), "import", progress)
            return importing.apply_import(
                store, plan, who, confirmed=confirmed, save_profile=save_as, progress=progress
            )

        title = f"导入 {plan.workbook}"
        return self._context.workers.write_long(title, job, self._written, self._not_written)

    def _written(self, applied: Applied) -> None:
        self.writing = False
        self.applied = applied
        self.written.emit(applied)

    def _not_written(self, error: BaseException) -> None:
        self.writing = False
        self.not_written.emit(error)

    def undo(self) -> None:
        act, who = self.applied.act if self.applied else None, self._context.workspace.operator.name
        if act:
            self._context.workers.write(lambda store: history.try_undo(store, act, who), self.undone.emit)

    def write_rejects(self, out: Path) -> None:
        """A copy of the clerk's own workbook with what stayed out marked in it."""
        review, book = self.review, self.book
        if review is None or book is None:
            return
        plan, confirmed = review.plan, review.confirmed()
        self._context.workers.read_long(
            f"写出 {out.name}",
            lambda _, progress: rejecting.write_rejects(
                plan, book.path, out, confirmed=confirmed, progress=progress
            ),
            self.given_back.emit,
        )


@dataclass(frozen=True, slots=True)
class _Planning:
    """The job of the long reader."""

    registry: Registry
    context: ReadContext
    path: Path
    book: Book | None
    entity: Entity | None
    choices: Choices
    former: Review | None

    def __call__(self, conn: Any, progress: Any) -> Planned:
        book = self.book or importing.open_book(self.path, progress)
        likely = [] if self.entity else likely_ledgers(self.registry, book)
        into = self.entity or _sure(likely)
        if into is None:
            return Planned(book, None, tuple(entity for entity, _ in likely))
        plan = importing.plan_book(conn, self.registry, into, book, self.context, self.choices, progress)
        review = Review(plan, self.context)
        if self.former and self.former.plan.entity is into:
            review.take_retyped(review.retype(conn, self.registry, review.carry(self.former)))
        views = sheet_views(into, book, plan, self.choices)
        return Planned(book, into, (), tuple(views), Reviewed.of(review))


def _sure(likely: Sequence[tuple[Entity, float]]) -> Entity | None:
    """The ledger the headers leave no doubt about."""
    if not likely or likely[0][1] < SURE:
        return None
    second = likely[1][1] if len(likely) > 1 else 0.0
    return likely[0][0] if likely[0][1] >= CLEARER * second else None
