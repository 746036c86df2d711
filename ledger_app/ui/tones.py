"""Which words of a state are good, doubtful or over: the colour that stands beside the word."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ledger_app.core import terms
from ledger_app.core.fields import Choice, Field

_OF_WELLS: Final[Mapping[str, str]] = MappingProxyType(
    {
        terms.IN_USE: "green",
        terms.STOPPED: "amber",
        terms.TO_SEAL: "amber",
        terms.RESERVED_STATE: "amber",
        terms.UNKNOWN_STATE: "amber",
        terms.SEALED_STATE: "muted",
        terms.SCRAPPED: "muted",
        terms.MONITORING_STATE: "muted",
    }
)
_OF_PERMITS: Final[Mapping[str, str]] = MappingProxyType(
    {
        terms.VALID: "green",
        terms.RENEWING: "amber",
        terms.LAPSED: "red",
        terms.REVOKED: "red",
        terms.CANCELLED: "muted",
        terms.WITHDRAWN: "muted",
    }
)
TONES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {terms.WELL_STATUS.name: _OF_WELLS, terms.PERMIT_STATUS.name: _OF_PERMITS}
)


def is_state(field: Field) -> bool:
    """Whether a field says the state of its record."""
    return isinstance(field, Choice) and field.terms.name in TONES


def tone_of(field: Field, word: str) -> str:
    """green, amber, red or muted; empty where the word is no state."""
    return TONES.get(field.terms.name, {}).get(word, "") if isinstance(field, Choice) else ""
