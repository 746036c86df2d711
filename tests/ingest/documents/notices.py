"""The notices the reader is tried on, and what a reading is measured by."""

from __future__ import annotations

import copy
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from ledger_app.ingest.documents.result import Document, Found, Place

DATA = Path(__file__).parents[2] / "data" / "notices"
GIVEN = sorted(path.stem for path in (DATA / "given").glob("*.txt"))
INVENTED = sorted(path.stem for path in (DATA / "invented").glob("*.txt"))
FONT = Path(__file__).parents[3] / "resources" / "fonts" / "NotoSerifSC-Regular.ttf"


def path_of(name: str) -> Path:
    return DATA / ("given" if name in GIVEN else "invented") / f"{name}.txt"


def text_of(name: str) -> str:
    return path_of(name).read_text(encoding="utf-8")


def gold(name: str) -> dict[str, Any]:
    expected: dict[str, Any] = json.loads(path_of(name).with_suffix(".gold.json").read_text(encoding="utf-8"))
    return expected


def quotes() -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads((DATA / "given" / "quotes.json").read_text(encoding="utf-8"))
    return found


def compact(text: str) -> str:
    return "".join(text.split())


# What a reading holds


def values(part: Any) -> Iterator[Found[Any]]:
    """Every value of a document or of a part of it."""
    if isinstance(part, Found):
        yield part
    elif isinstance(part, list):
        for one in part:
            yield from values(one)
    elif is_dataclass(part):
        for one in fields(part):
            yield from values(getattr(part, one.name))


def lost(document: Document) -> str:
    """The letters and digits of the source that stand in no value, no label and no left-over."""
    covered = bytearray(len(document.source_text))
    places: list[Place] = [place for value in values(document) for place in value.places]
    places += document.form + [rest.place for rest in document.left_over]
    for place in places:
        covered[place.start : place.end] = b"\1" * (place.end - place.start)
    return "".join(
        sign for sign, kept in zip(document.source_text, covered, strict=True) if not kept and sign.isalnum()
    )


def everything(document: Document) -> str:
    """The words of all values, as read and as printed, and of the left-overs."""
    words = [str(value.value) for value in values(document)]
    places = [place for value in values(document) for place in value.places]
    words += [document.source_text[place.start : place.end] for place in places]
    return "\n".join(compact(one) for one in [*words, *(rest.text for rest in document.left_over)])


# Other layouts of the same notice

_NEVER_FIRST = "，。、；：？！）》”％%"
_CHINESE = "零一二三四五六七八九十"


def wrapped(paragraph: str, width: int, indent: str = "　　") -> list[str]:
    """A paragraph broken into lines of `width` half-width columns, as a page breaks it."""
    lines, line = [], indent
    for sign in paragraph:
        if _width(line) + _width(sign) > width and sign not in _NEVER_FIRST:
            lines.append(line)
            line = ""
        line += sign
    return [*lines, line]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)


def chinese(number: int) -> str:
    return _CHINESE[number] if number <= 10 else "十" + _CHINESE[number - 10]


TASK_NUMBERS = {
    "（1）": lambda n: f"（{n}）",
    "1.": lambda n: f"{n}.",
    "1、": lambda n: f"{n}、",
    "（一）": lambda n: f"（{chinese(n)}）",
    "一、": lambda n: f"{chinese(n)}、",
    "问题一：": lambda n: f"问题{chinese(n)}：",
    "①": lambda n: chr(0x245F + n),
}
ORDINALS = {
    "一是": lambda n: f"{chinese(n)}是",
    "1.": lambda n: f"{n}.",
    "1、": lambda n: f"{n}、",
    "（1）": lambda n: f"（{n}）",
    "（一）": lambda n: f"（{chinese(n)}）",
    "①": lambda n: chr(0x245F + n),
    "措施一：": lambda n: f"措施{chinese(n)}：",
    "第一，": lambda n: f"第{chinese(n)}，",
}
# How far the headings of the plan may reach down above tasks of this style.
_HEADINGS = {"1.": 2, "1、": 2, "（一）": 1, "一、": 0}
WORDINGS = (
    ("牵头单位", "责任单位", "验收单位", "整改时限", "整改目标", "整改措施"),
    ("牵头部门", "整改责任单位", "验收销号单位", "完成时限", "目标要求", "整改举措"),
    ("整改牵头单位", "责任主体", "销号单位", "整改期限", "整改目标", "具体措施"),
)
_FIELDS = ("lead_unit", "responsible_units", "acceptance_unit", "deadline_text", "goal")


def rewritten(
    plan: dict[str, Any], number: str, ordinal: str, wording: int, *, inline: bool = False
) -> tuple[list[str], dict[str, Any]]:
    """The plan with other label words, another order and other numbers: its paragraphs and what they say."""
    expected = copy.deepcopy(plan)
    paragraphs: list[str] = []
    path: list[str] = []
    for count, item in enumerate(expected["items"], 1):
        item["path"] = item["path"][: _HEADINGS.get(number, 3)]
        paragraphs += [
            heading
            for depth, heading in enumerate(item["path"])
            if path[: depth + 1] != item["path"][: depth + 1]
        ]
        path = item["path"]
        marker = TASK_NUMBERS[number](count)
        item["number"] = marker.rstrip("、.：")
        paragraphs.append(marker + item["problem"])
        labelled = [
            f"{label}：{_printed(item[name])}"
            for name, label in zip(_FIELDS, WORDINGS[wording], strict=False)
        ]
        if wording == 1:
            labelled.reverse()
        listed = [_measure(measure, ordinal, n) for n, measure in enumerate(item["measures"], 1)]
        head = WORDINGS[wording][5] + "："
        measures = (
            [head + "".join(listed)] if inline or item["measures"][0]["ordinal"] is None else [head, *listed]
        )
        paragraphs += [*measures, *labelled] if wording == 2 else [*labelled, *measures]
    return paragraphs, expected


def _printed(value: Any) -> str:
    return "、".join(value) if isinstance(value, list) else str(value)


def _measure(measure: dict[str, Any], ordinal: str, count: int) -> str:
    marker = ORDINALS[ordinal](count) if measure["ordinal"] else ""
    measure["ordinal"] = marker.rstrip("：，") or None
    return f"{marker}{measure['text']}{'（已完成整改）' if measure['done'] else ''}"
