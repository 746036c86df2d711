"""The seams of the window: places of the navigation, their pages, acts and heads of single ledgers.

Everything hand-written joins here: `app.py` hands the window a list of `Place` and, by ledger name,
`LedgerExtras`. Pages get one `PageContext` and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

from PySide6.QtWidgets import QWidget

from ledger_app.core.entity import Entity, Registry
from ledger_app.db.queries.listing import Query
from ledger_app.services.session import Workspace
from ledger_app.services.settings import Settings
from ledger_app.ui.messages import Messages
from ledger_app.ui.theme import Theme
from ledger_app.ui.workers import Workers

Tone = Literal["green", "amber", "red", "blue", "muted", "plain"]


class Target(NamedTuple):
    """What to show on the page one goes to: one record, the records behind a figure, or a query."""

    uid: str = ""
    uids: tuple[str, ...] = ()
    said: str = ""
    query: Query | None = None


class Fact(NamedTuple):
    """One line of a record's fixed head: what is asked at the telephone."""

    label: str
    text: str
    tone: Tone = "plain"


class ActionSpec(NamedTuple):
    """An act or errand offered on a ledger's page.

    `run(context, entity, uids)` is called on the window's thread with the chosen records. `needs` says
    how many must be chosen; `writes` hides it from who may only read.
    """

    label: str
    run: Callable[[PageContext, Entity, list[str]], object]
    needs: Literal["none", "one", "some"] = "some"
    icon: str = ""
    shortcut: str = ""
    writes: bool = True
    hint: str = ""


class Section(NamedTuple):
    """A further group at the end of a record: photos, history, permits …

    `make(context, entity, uid)` returns a widget, or None where there is nothing to show.
    """

    title: str
    make: Callable[[PageContext, Entity, str], QWidget | None]


class LedgerExtras(NamedTuple):
    """What one ledger's page has besides what its declaration gives.

    `columns` are shown at first, `quick` filters stand open; `acts` stand on the page (needs "none"),
    in the record pane and in the rows' menu (the others); `primary` replaces 登记….
    """

    columns: tuple[str, ...] = ()
    quick: tuple[str, ...] = ()
    acts: tuple[ActionSpec, ...] = ()
    primary: ActionSpec | None = None
    facts: Callable[[Any, str], Sequence[Fact]] | None = None
    sections: tuple[Section, ...] = ()
    hint: str = ""


NO_EXTRAS: Final = LedgerExtras()


def nowhere(*_: object) -> None:
    """Where a page that stands alone, without a window, goes to."""


@dataclass(repr=False, eq=False)
class PageContext:
    """What a page may use. `navigate(place key, target)` goes elsewhere, `help(topic)` opens the manual,
    `unsaved(True)` says that something typed is not saved yet, `find()` looks for anything."""

    workspace: Workspace
    workers: Workers
    theme: Theme
    settings: Settings
    messages: Messages
    extras: Mapping[str, LedgerExtras] = field(default_factory=lambda: MappingProxyType({}))
    navigate: Callable[[str, Target | None], object] = nowhere
    help: Callable[[str], object] = nowhere
    unsaved: Callable[[bool], object] = nowhere
    find: Callable[[], object] = nowhere

    @property
    def registry(self) -> Registry:
        return self.workspace.registry

    def extras_of(self, entity: Entity) -> LedgerExtras:
        return self.extras.get(entity.name, NO_EXTRAS)

    def setting(self, name: str) -> str:
        """The name of a setting that belongs to this ledger file."""
        return f"{self.workspace.path}|{name}"


class Page(QWidget):
    """What stands right of the navigation. `ledgers` are those it shows: when one changes, `refresh`."""

    ledgers: frozenset[str] = frozenset()

    def entered(self) -> None:
        """The page has come to the front."""

    def refresh(self) -> None:
        """Show what the ledger holds now."""

    def go_to(self, target: Target) -> None:
        """Show what was asked for elsewhere."""

    def operator_changed(self) -> None:
        """Somebody else works now, who may do more or less."""

    def settle(self) -> bool:
        """Ask about unsaved work, once. False: the clerk wants to stay."""
        return True


class Place(NamedTuple):
    """An entry of the navigation. `make(context)` builds its page when it is first visited."""

    key: str
    label: str
    group: str
    icon: str
    make: Callable[[PageContext], Page]
    hint: str = ""
    help: str = ""
