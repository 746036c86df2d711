"""Pinyin of names: the initials they are searched by and the key they are sorted by."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final

# Characters that sound otherwise at the head of a name than pypinyin reads them alone: both are searched.
NAME_READINGS: Final = MappingProxyType(
    dict(zip("曾单解仇区查翟种秘覃盖乐长重藏", "zsxqozzcbqgyccz", strict=True))
)
_PHRASE_SIZES: Final = (4, 3, 2, 1)
_DIGITS: Final = re.compile("[0-9]+")


class Pinyin:
    """Reads names by pypinyin's phrases, the longest first, and characters alone by their first reading:
    what lazy_pinyin does, without its cost (20 µs a name, for tens of thousands of new names)."""

    def __init__(self) -> None:
        from pypinyin.contrib.tone_convert import to_tone3  # noqa: PLC0415 - 0.15 s, 50 MB: for new names only
        from pypinyin.phrases_dict import phrases_dict  # noqa: PLC0415
        from pypinyin.pinyin_dict import pinyin_dict  # noqa: PLC0415

        self._tone3 = to_tone3
        self._phrases: dict[str, list[list[str]]] = phrases_dict
        self._characters: dict[int, str] = pinyin_dict
        self._known: dict[str, list[str]] = {}

    def read(self, text: str) -> tuple[str, str]:
        """Initials and sort key of a name in lower case."""
        syllables = self._syllables(text)
        return _initials(text, syllables), _sort_key(text, syllables)

    def _syllables(self, text: str) -> list[str]:
        """One a character: 大 → da4. What is no Chinese character stands for itself."""
        known, found = self._known, list[str]()
        while (at := len(found)) < len(text):
            for size in _PHRASE_SIZES:
                piece = text[at : at + size]
                if piece in known or (size > 1 and piece in self._phrases) or size == 1:
                    found += known.get(piece) or self._look_up(piece)
                    break
        return found

    def _look_up(self, piece: str) -> list[str]:
        if len(piece) == 1:
            readings = self._characters.get(ord(piece))
            read = [self._tone3(readings.split(",")[0])] if readings else [piece]
        else:
            read = [self._tone3(syllable[0]) for syllable in self._phrases[piece]]
        return self._known.setdefault(piece, read)


def natural(digits: str) -> str:
    """Digits with their number in front, so that texts stand in the order of size: 9, 10, 100."""
    return chr(ord("0") + min(len(digits), 70) - 1) + digits


def _initials(text: str, syllables: list[str]) -> str:
    """大圣村3组 → dsc3z; two spellings, divided by a line break, where the head of a name is read so."""
    first = "".join([s[0] for s in syllables])
    other = NAME_READINGS.get(text[:1], first[:1]) + first[1:]
    return first if other == first else f"{first}\n{other}"


def _sort_key(text: str, syllables: list[str]) -> str:
    """Character by character: syllable, tone, character; Latin letters before Chinese."""
    parts = [f"~{s}{c}" if s != c else c for s, c in zip(syllables, text, strict=True)]
    return _with_natural_digits(parts) if _DIGITS.search(text) else "".join(parts)


def _with_natural_digits(parts: list[str]) -> str:
    """Only what stands for itself is a digit of the text; the tones inside syllables are left."""
    runs: list[str] = []
    for part in parts:
        if runs and part.isdigit() and runs[-1].isdigit():
            runs[-1] += part
        else:
            runs.append(part)
    return "".join(natural(run) if _DIGITS.fullmatch(run) else run for run in runs)
