"""Which words of the vocabularies are good, doubtful or over: the colour that stands beside the word."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ledger_app.core import terms

TONES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys((terms.IN_USE, terms.VALID, "验收合格"), "green"),
        **dict.fromkeys(
            (terms.STOPPED, terms.TO_SEAL, terms.RESERVED_STATE, terms.RENEWING, terms.UNKNOWN_STATE), "amber"
        ),
        **dict.fromkeys((terms.LAPSED, terms.REVOKED), "red"),
        **dict.fromkeys(
            (
                terms.SEALED_STATE,
                terms.SCRAPPED,
                terms.MONITORING_STATE,
                terms.CANCELLED,
                terms.WITHDRAWN,
            ),
            "muted",
        ),
    }
)


def tone_of(word: str) -> str:
    """green, amber, red or muted; empty where the word is plain."""
    return TONES.get(word, "")
