"""What was read from a document, said: the JSON of the command line, lines for the terminal, doubts in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from ledger_app.core.dates import show_date
from ledger_app.ingest.documents.result import Document, Found, Item, LeftOver
from ledger_app.services.reading import Stored
from ledger_app.services.reading_rows import source_of

SURE: Final = 0.8  # below this confidence a value wants to be looked at
_SHOWN: Final = 60  # characters of a text in one line
_OUTCOMES: Final[Mapping[str, str]] = MappingProxyType(
    {"new": "新增", "changed": "更新", "same": "没有变化", "incomplete": "缺问题原文、没有存"}
)


def as_json(document: Document, stored: Stored | None = None) -> dict[str, Any]:
    """The document of the contract (product.md, `read`); with `--apply` also the act and what became of the
    tasks."""
    said = document.as_json()
    if stored is not None:
        said |= {"act": stored.act, "counts": stored.plan.counts()}
    return said


def summary(document: Document, file_name: str, stored: Stored | None = None) -> Iterator[str]:
    """Lines for the terminal: the document, its tasks, what is doubtful, what was left over, what was done."""
    yield f"{source_of(document, file_name)}：读到 {len(document.items)} 项整改任务。"
    for item in document.items:
        yield _task(item)
    doubtful = sum(1 for found in values(document) if is_doubtful(found))
    if doubtful:
        yield f"有 {doubtful} 处拿不准，请在窗口里对照原文看一看。"
    left = [piece for piece in document.left_over if piece.why != "artefact"]
    if left:
        yield f"有 {len(left)} 段文字没有归到哪一项，例如“{shortened(left[0].text)}”。"
    if stored is not None:
        yield from _done(stored)


def _task(item: Item) -> str:
    number = item.number.value if item.number else "—"
    problem = shortened(item.problem.value) if item.problem else "（没有读到问题原文）"
    parts = [f"{number}\t{problem}"]
    if item.lead_unit:
        parts.append(f"牵头 {item.lead_unit.value}")
    if item.deadline_text:
        parts.append(f"时限 {item.deadline_text.value}{_day(item)}")
    if item.measures:
        parts.append(f"措施 {len(item.measures)} 条")
    if item.status_text:
        parts.append(item.status_text.value)
    return "\t".join(parts)


def _day(item: Item) -> str:
    if item.deadline is None or item.deadline_text is None:
        return ""
    shown = show_date(item.deadline.value)
    return "" if shown in item.deadline_text.value else f"（{shown}）"


def _done(stored: Stored) -> Iterator[str]:
    counts = stored.plan.counts()
    said = "，".join(f"{words} {counts[name]} 项" for name, words in _OUTCOMES.items() if counts[name])
    yield f"{said}。" if said else "没有可存的任务。"
    if stored.plan.missing:
        yield f"以前从这份文件读入的 {len(stored.plan.missing)} 项这次没有读到，仍按原样保留。"
    twins = sum(bool(task.twins) for task in stored.plan.tasks)
    if twins:
        yield f"有 {twins} 项与别的文件里的整改任务原文相同，各记各的，请核对是否是同一件事。"
    if stored.act:
        yield f"已存入台账，操作号 {stored.act}。"


def shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}……"


def is_doubtful(found: Found[Any]) -> bool:
    return found.confidence < SURE


def values(document: Document) -> Iterator[Found[Any]]:
    """Every value of a document, its tasks and their parts."""
    heads = (document.title, document.issuer, document.issued_on, *document.phones)
    yield from (found for found in heads if found is not None)
    if document.publicity:
        own = document.publicity
        yield from (f for f in (own.first_on, own.last_on, own.days, own.kind) if f is not None)
    for item in document.items:
        yield from values_of(item)


def values_of(item: Item) -> Iterator[Found[Any]]:
    single = (
        item.number,
        item.problem,
        item.lead_unit,
        item.acceptance_unit,
        item.deadline_text,
        item.deadline,
        item.goal,
        item.status_text,
    )
    yield from (found for found in single if found is not None)
    yield from (*item.path, *item.responsible_units, *item.progress)
    for measure in item.measures:
        parts = (measure.ordinal, measure.text, measure.done, measure.progress)
        yield from (found for found in parts if found is not None)
    for area in item.areas:
        yield from (area.name, area.text)


def why_left(piece: LeftOver) -> str:
    """Why a stretch of the source stands in no field, in the clerk's words."""
    reasons = {"artefact": "页码、书签一类，不是正文", "unread": "这一处读不出文字"}
    return reasons.get(piece.why, "没有归到哪一项")
