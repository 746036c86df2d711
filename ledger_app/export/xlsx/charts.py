"""Charts: the ranges they draw are followed, and stored values that are no longer true are dropped."""

from __future__ import annotations

import re
from collections.abc import Callable

from ledger_app.export.xlsx.formulas import parse_formula
from ledger_app.export.xlsx.refs import Area
from ledger_app.export.xlsx.shift import Home, Shifter
from ledger_app.export.xlsx.xmltext import NAME, escape, unescape

# `<c:f>` (and its newer relatives) with the stored values that may stand right behind it.
_CACHES = rb"(?:numCache|strCache|multiLvlStrCache|dlblRangeCache)"
_DATA = re.compile(
    rb"(?P<open><(?P<name>" + NAME + rb"(?:f|sqref))(?:\s[^>]*)?>)(?P<text>[^<]*)(?P<close></(?P=name)\s*>)"
    rb"(?P<cache>\s*(?:<(?P<old>" + NAME + _CACHES + rb")\b[^>]*?(?:/>|>.*?</(?P=old)\s*>)"
    rb"|(?:<(?P<nf>" + NAME + rb"nf)\b[^>]*?(?:/>|>[^<]*</(?P=nf)\s*>)\s*)?"
    rb"(?:<(?P<lvl>" + NAME + rb"lvl)\b[^>]*?(?:/>|>.*?</(?P=lvl)\s*>)\s*)+))?",
    re.DOTALL,
)

Stale = Callable[[str, Area], bool]


def chart(data: bytes, shifter: Shifter, stale: Stale) -> bytes:
    """A chart part; `stale(folded sheet name, area)` says whether cells of an area were set or depend on
    what was set."""

    def one(match: re.Match[bytes]) -> bytes:
        old = unescape(match["text"])
        new = shifter.formula(old, Home(""))
        if new == old and not _is_stale(old, stale):
            return match[0]
        text = match["text"] if new == old else escape(new)
        return match["open"] + text + match["close"]

    return _DATA.sub(one, data)


def _is_stale(text: str, stale: Stale) -> bool:
    refs = parse_formula(text).refs()
    return any(ref.sheet is not None and stale(ref.sheet.casefold(), ref.area()) for ref in refs)
