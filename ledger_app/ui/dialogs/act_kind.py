"""What the dialog of an act asks and how it is said: one act as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from ledger_app.core.errors import Reading
from ledger_app.core.fields import Choice, Field
from ledger_app.core.terms import Vocabulary
from ledger_app.ui.dialogs.errands import Errand

TODAY: Final = "today"
Words = tuple[str, ...]


@dataclass(frozen=True)
class ActKind:
    """One act as its dialog shows it.

    `shown` fields stand open, the others under 更多; `only` shows a field for some values of another.
    `each` may be filled in by record: those in `rows` have a column from the start where there are several
    records, those in `own` make no sense for several at once, those in `always` are only columns. `start`
    presets values, `offered` are usual words for free text, `usual` names the record's own value that holds
    where nothing is said, `now` shows what the record says today, `may_be_none` lets it be done without records,
    `takes_unknown` with numbers the ledger does not know. In `go` and `done` {these} and {count}
    stand for the records; both may differ by the value of the field `by`.
    """

    name: str
    ledgers: Words
    title: str
    go: str
    done: str
    fields: tuple[Field, ...]
    errand: Errand
    shown: Words
    columns: Words
    each: Words = ()
    rows: Words = ()
    own: Words = ()
    always: Words = ()
    only: Mapping[str, tuple[str, Words]] = field(default_factory=dict)
    start: Mapping[str, Any] = field(default_factory=dict)
    offered: Mapping[str, Words] = field(default_factory=dict)
    usual: Mapping[str, str] = field(default_factory=dict)
    by: str = ""
    go_by: Mapping[str, str] = field(default_factory=dict)
    done_by: Mapping[str, str] = field(default_factory=dict)
    hint: str = ""
    now: bool = False
    may_be_none: bool = False
    takes_unknown: bool = False
    goes_to: str = ""

    @property
    def ledger(self) -> str:
        return self.ledgers[0]

    @property
    def columns_by_record(self) -> Words:
        """The fields that can have a column in the grid."""
        return (*self.always, *(name for name in self.each if name not in self.always))

    def asked(self) -> tuple[Field, ...]:
        """The fields, those with usual words as lists that take other words too."""
        return tuple(self._offering(f) for f in self.fields)

    def _offering(self, one: Field) -> Field:
        words = self.offered.get(one.name)
        if not words:
            return one
        open_list = Offered(f"offered_{one.name}", MappingProxyType(dict.fromkeys(words, ())))
        return Choice(name=one.name, label=one.label, terms=open_list, required=one.required, hint=one.hint)

    @property
    def go_alone(self) -> str:
        """What the button says while no record is named."""
        return self.title if "{these}" in self.go else self.go

    def saying_go(self, word: str, these: str) -> str:
        return self.go_by.get(word, self.go).format(these=these)

    def saying_done(self, word: str, count: str) -> str:
        return self.done_by.get(word, self.done).format(count=count)


class Offered(Vocabulary):
    """Usual words; any other is taken as it stands."""

    __slots__ = ()

    def read(self, raw: object) -> Reading:
        text = str(raw).strip()
        return Reading(self.find(text) or text or None)


THING: Final[Mapping[str, str]] = MappingProxyType(
    {"wells": "眼井", "intakes": "处取水口", "closures": "眼井", "permits": "本许可证", "projects": "个项目"}
)


def these(ledger: str, count: int) -> str:
    return f"这{THING[ledger]}" if count == 1 else f"这 {count:,} {THING[ledger]}"


def counted(ledger: str, count: int) -> str:
    return f"{count:,} {THING[ledger]}"
