"""Checks over several fields of one record, declared with the ledger and run column-wise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ledger_app.core.errors import Problem
from ledger_app.core.fields import ReadContext
from ledger_app.core.late import late
from ledger_app.core.terms import LAPSED, VALID

if TYPE_CHECKING:
    from ledger_app.core import coordinates, dates, identifiers
else:
    coordinates, dates, identifiers = late("coordinates", "dates", "identifiers")

Columns = Mapping[str, Sequence[Any]]
Found = Iterator[tuple[int, Problem]]


def _rows(columns: Columns, *names: str) -> Iterator[tuple[Any, ...]]:
    """(index, value …) of the rows in which all the named fields are filled."""
    if all(name in columns for name in names):
        for i, values in enumerate(zip(*(columns[n] for n in names), strict=True)):
            if None not in values:
                yield (i, *values)


@dataclass(frozen=True)
class InOrder:
    """`later` must not be dated before `earlier`; partial dates are compared by their first day."""

    earlier: str
    later: str
    text: str

    def problems(self, columns: Columns, context: ReadContext) -> Found:
        for i, first, then in _rows(columns, self.earlier, self.later):
            if then < first and dates.last_day(then) < dates.first_day(first):
                yield i, Problem("date_order", f"{self.text}（{first} → {then}）。", field=self.later)


@dataclass(frozen=True)
class NotAbove:
    """`part` must not be larger than `whole` (depth to water above the bottom of the well)."""

    part: str
    whole: str
    code: str
    text: str

    def problems(self, columns: Columns, context: ReadContext) -> Found:
        pairs = zip(columns.get(self.part, ()), columns.get(self.whole, ()), strict=False)
        above = [i for i, (p, w) in enumerate(pairs) if p is not None and w is not None and p > w]
        for i in above:
            said = self.text.format(part=columns[self.part][i], whole=columns[self.whole][i])
            yield i, Problem(self.code, said, field=self.part)


@dataclass(frozen=True)
class SumOfParts:
    """A typed total that differs from the sum of its typed parts: the sum is suggested."""

    total: str
    parts: tuple[str, ...]
    text: str

    def problems(self, columns: Columns, context: ReadContext) -> Found:
        present = [columns[p] for p in self.parts if p in columns]
        if self.total not in columns or not present:
            return
        for i, (total, *parts) in enumerate(zip(columns[self.total], *present, strict=True)):
            filled = [Decimal(repr(p)) for p in parts if p is not None]
            if total is None or not filled or sum(filled) == Decimal(repr(total)):
                continue
            added = float(sum(filled))
            plain = int(added) if added.is_integer() else added
            text = self.text.format(total=total, sum=plain)
            yield i, Problem("sum_mismatch", text, "confirm", plain, self.total)


@dataclass(frozen=True)
class CoordinatePair:
    """Longitude and latitude exchanged, or not in China."""

    longitude: str = "longitude"
    latitude: str = "latitude"

    def problems(self, columns: Columns, context: ReadContext) -> Found:
        if self.longitude not in columns or self.latitude not in columns:
            return
        pairs = list(zip(columns[self.longitude], columns[self.latitude], strict=True))
        odd = [
            i
            for i, (lon, lat) in enumerate(pairs)
            if lon is None or lat is None or not (73 <= lon <= 136 and 3 <= lat <= 54)
        ]
        for i in odd:
            lon, lat = pairs[i]
            if lon is None and lat is None:
                continue
            if problem := coordinates.check_pair(lon, lat):
                yield i, problem if problem.field else problem.on(self.longitude)


@dataclass(frozen=True)
class SourceMatchesNumber:
    """Letter G or S of a permit number against the stated source (domain §1.1)."""

    number: str = "number"
    source: str = "source"

    def problems(self, columns: Columns, context: ReadContext) -> Found:
        for i, number, source in _rows(columns, self.number, self.source):
            said = identifiers.permit_source(number)
            if said and source in ("地下水", "地表水") and said != source:
                text = f"证号 {number} 是{said}证，表中写的是{source}，请核对。"
                yield i, Problem("source_contradicts_number", text, "confirm", said, self.source)


@dataclass(frozen=True)
class StatusMatchesValidity:
    """A permit called valid after its last day (domain §1.3: status follows from dates)."""

    status: str = "status"
    valid_to: str = "valid_to"

    def problems(self, columns: Columns, context: ReadContext) -> Found:
        for i, status, valid_to in _rows(columns, self.status, self.valid_to):
            if status == VALID and dates.last_day(valid_to) < context.today:
                text = f"有效期止于 {valid_to}，到 {context.today} 已到期，状态不应是“{status}”，请核对。"
                yield i, Problem("status_contradicts_validity", text, "confirm", LAPSED, self.status)


@dataclass(frozen=True)
class AreaCodeIsOwn:
    """A permit number of another county: said, never in the way (domain §1.1)."""

    number: str = "number"

    def problems(self, columns: Columns, context: ReadContext) -> Found:
        areas = [(i, identifiers.permit_area(n)) for i, n in _rows(columns, self.number)]
        known = [a for _, a in areas if a]
        if not known:
            return
        own = Counter(known).most_common(1)[0][0]
        for i, area in areas:
            if area and area != own:
                text = f"证号里的区划代码 {area} 不是本旗县（{own}），只作提示。"
                yield i, Problem("area_code_differs", text, "info", field=self.number)


@dataclass(frozen=True)
class SamePlace:
    """Two records at one point: the later one is likely a copied row (domain §9, R18)."""

    longitude: str = "longitude"
    latitude: str = "latitude"
    key: str = "code"

    def problems(self, columns: Columns, context: ReadContext) -> Found:
        if self.longitude not in columns or self.latitude not in columns:
            return
        pairs = list(zip(columns[self.longitude], columns[self.latitude], strict=True))
        if len(set(pairs)) == len(pairs):
            return
        seen: dict[tuple[Any, Any], int] = {}
        keys = columns.get(self.key)
        for i, lon, lat in _rows(columns, self.longitude, self.latitude):
            first = seen.setdefault((lon, lat), i)
            if first != i and (keys is None or keys[first] != keys[i]):
                named = f" {keys[first]} " if keys else "前面一行"
                text = f"坐标与{named}完全相同，可能是复制未改，请核对。"
                yield i, Problem("same_coordinates", text, "confirm", field=self.longitude)


@dataclass(frozen=True)
class TransferIsNotClosure:
    """移交 is kept in the register of closures and never counted as one (domain §3)."""

    method: str
    transfer: str

    def problems(self, columns: Columns, context: ReadContext) -> Found:
        for i, method in _rows(columns, self.method):
            if method == self.transfer:
                text = "移交供水公司不算封停，登记在册但不计入关停眼数。"
                yield i, Problem("transfer_is_not_closure", text, "info", field=self.method)
