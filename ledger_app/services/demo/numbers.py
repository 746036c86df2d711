"""Numbers that pass their checks: 身份证, 统一社会信用代码, telephones, meters — none of a real person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from ledger_app.core.checksums import credit_check, id_check, organisation_check
from ledger_app.services.demo import words

COUNTY: Final = "150824"
_DISTINCT: Final = 400
_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def person(rng: Random) -> str:
    return rng.choice(words.SURNAMES) + rng.choice(words.GIVEN)


def id_number(rng: Random) -> str:
    born = date(1945, 1, 1) + timedelta(days=int(rng.random() * 18000))
    body = f"{COUNTY}{born:%Y%m%d}{int(rng.random() * 1000):03d}"
    return body + id_check(body)


def credit_code(rng: Random, kind: str) -> str:
    """`kind`: the first two characters (91 a firm, N2 a village, 12 a public body)."""
    organisation = "".join(rng.choices(_ALPHABET, k=8))
    body = f"{kind}{COUNTY}{organisation}{organisation_check(organisation)}"
    return body + credit_check(body)


def phone(rng: Random) -> str:
    return f"1{rng.choice('3578')}{int(rng.random() * 1e9):09d}"


def weighted(rng: Random, weights: Mapping[Any, float], count: int) -> list[Any]:
    """`count` draws of the keys by their weights."""
    return rng.choices(list(weights), list(weights.values()), k=count)


def normal(
    rng: Random, mean: float, spread: float, bounds: tuple[float, float], places: int, count: int
) -> list[Any]:
    """`count` values around a mean, kept within bounds; drawn from a few hundred, which is quicker."""
    low, high = bounds
    values = [round(min(max(rng.gauss(mean, spread), low), high), places) for _ in range(_DISTINCT)]
    return rng.choices([int(v) if places == 0 else v for v in values], k=count)


def people(rng: Random, count: int) -> list[str]:
    names = zip(rng.choices(words.SURNAMES, k=count), rng.choices(words.GIVEN, k=count), strict=True)
    return [surname + given for surname, given in names]


def day_between(rng: Random, first: date, last: date) -> str:
    return (first + timedelta(days=int(rng.random() * ((last - first).days + 1)))).isoformat()


def sometimes(rng: Random, share: float, values: Sequence[Any]) -> list[Any]:
    """The values with only a share of them left, the others unknown."""
    return [v if rng.random() < share else None for v in values]
