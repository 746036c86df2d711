"""The whole way: file → lines → stream → labels and numbers → tasks → Document."""

from __future__ import annotations

import re
from pathlib import Path

from ledger_app.core.errors import LedgerError
from ledger_app.ingest.documents import files
from ledger_app.ingest.documents.fields import status
from ledger_app.ingest.documents.grammar import frame
from ledger_app.ingest.documents.grammar.anchors import find_anchors
from ledger_app.ingest.documents.grammar.frame import Signature
from ledger_app.ingest.documents.grammar.items import make_item
from ledger_app.ingest.documents.grammar.outline import Outline, outline
from ledger_app.ingest.documents.grammar.reader import Reader
from ledger_app.ingest.documents.numbering import CHINESE
from ledger_app.ingest.documents.rejoin import Stream
from ledger_app.ingest.documents.result import Document, Found, Item
from ledger_app.ingest.documents.source import MAX_CHARACTERS, Source
from ledger_app.ingest.documents.text_source import text_source

_CLAUSE = re.compile(r"[^，,。；;：:]+")
_CLAIM = re.compile(
    r"已完成现阶段整改|已全部完成整改|已完成整改|已整改完成|整改已完成|已完成整改任务|均已整改完毕"
)
_NAMED = re.compile(
    rf"(?:问题|任务|事项)[{CHINESE}]{{1,3}}(?![览些案个项批类次时是期])|(?:问题|任务)\d{{1,3}}(?!项)|(?:问题|任务)?序号[：:]?[{CHINESE}\d]{{1,4}}"
    rf"|(?:问题|任务|受理)?编号[：:]?(?:[{CHINESE}]{{1,4}}|[A-Za-z\d-]{{1,24}}(?:[（(][\d-]{{1,12}}[）)])?)"
    rf"|第[{CHINESE}\d]{{1,4}}项"
)
_NO_TASK = "这份文件里没有找到整改任务（没有“整改任务”“责任单位”“整改措施”“完成情况”这样的标题），没有读入。"


def read_document(path: Path) -> Document:
    """Read a txt, docx or pdf file. A file that cannot be read raises LedgerError with a Chinese sentence."""
    return _read(files.read_source(path))


def read_text(text: str) -> Document:
    """Read a pasted text; places count its characters."""
    return _read(text_source(text))


def _read(source: Source) -> Document:
    if len(source.text) > MAX_CHARACTERS:
        raise LedgerError("这份文件太长（超过三百万字），请分成几份再读。", "document_too_large")
    stream = Stream(source)
    anchors = find_anchors(stream)
    signed = frame.signature(stream, anchors)
    plan = outline(stream, anchors, signed.start)
    if not plan.groups:
        raise LedgerError(_NO_TASK, "document_without_task")
    return _document(Reader(stream, anchors), plan, signed)


def _document(reader: Reader, plan: Outline, signed: Signature) -> Document:
    document = Document(reader.stream.source.text)
    document.title = frame.title(reader, plan.start)
    last = plan.groups[-1]
    for group in plan.groups:
        alone = reader.stream.wrap > 0 and group is last
        document.items.append(make_item(reader, group, alone=alone))
    _below(reader, document, plan, signed)
    if not plan.several:
        _single(reader, document, document.items[0], plan.start)
    _mark_done(document.items)
    document.left_over = reader.left_over()
    document.form = reader.form()
    return document


def _below(reader: Reader, document: Document, plan: Outline, signed: Signature) -> None:
    outside = _outside(plan, signed.start)
    document.publicity = frame.publicity_of(reader, outside)
    document.phones = frame.phones_of(reader, outside)
    document.issued_on = frame.issued_on(reader, signed, plan.start)
    start = document.title.places[0].start if document.title else 0
    document.issuer = frame.title_issuer(reader, document.title, _stream_position(reader, start))
    if signed.issuer is not None:
        reader.take(*signed.issuer)
        issuer = reader.found(*signed.issuer, 0.95)
        document.issuer = document.issuer or issuer


def _stream_position(reader: Reader, place: int) -> int:
    return next((index for index, at in enumerate(reader.stream.at[:20_000]) if at >= place), 0)


def _outside(plan: Outline, signature: int) -> list[tuple[int, int]]:
    """The ranges above the signature that belong to no task: before the first, between, below the last."""
    ranges, reached = [], 0
    for group in plan.groups:
        start = group.head.start if group.head else group.labels[0].anchor.start
        ranges.append((reached, start))
        reached = max(reached, group.end)
    return [(start, end) for start, end in [*ranges, (reached, signature)] if start < end]


# A notice on one task says number and status in its title or its first sentence


def _single(reader: Reader, document: Document, item: Item, start: int) -> None:
    if item.number is None:
        item.number = _number_in_title(document.title) or _search(reader, _NAMED, 0, start, 0.8)
    if item.status_text is None:
        item.status_text = _claim_in_report(item) or _claim(reader, 0, start)


def _number_in_title(title: Found[str] | None) -> Found[str] | None:
    found = _NAMED.search(title.value) if title else None
    return Found(found.group(), title.places, 0.95) if found and title else None


def _search(reader: Reader, pattern: re.Pattern[str], start: int, end: int, sure: float) -> Found[str] | None:
    found = pattern.search(reader.stream.text, start, end)
    return reader.found(*found.span(), sure) if found else None


def _claim(reader: Reader, start: int, end: int) -> Found[str] | None:
    """已完成整改 at the end of a clause of the opening sentence, else anywhere in it."""
    for clause in _CLAUSE.finditer(reader.stream.text, start, end):
        claim = status.claimed(clause.group())
        if claim is not None:
            return reader.found(clause.start() + claim[0], clause.start() + claim[1], 0.9)
    return _search(reader, _CLAIM, start, end, 0.7)


def _claim_in_report(item: Item) -> Found[str] | None:
    """该整改任务的5项整改措施已全部完成整改，具体如下： in front of the results."""
    if not item.progress or not item.progress[0].value.endswith(("：", ":")):
        return None
    first = item.progress[0]
    for clause in _CLAUSE.finditer(first.value):
        claim = status.claimed(clause.group())
        if claim is not None:
            return Found(clause.group()[slice(*claim)], first.places, 0.9)
    return None


def _mark_done(items: list[Item]) -> None:
    """Done: marked so, or the whole task is; not done: other measures carry the mark; else unknown."""
    marked = any(m.mark and status.is_done(m.mark.value) for item in items for m in item.measures)
    for item in items:
        whole = item.status_text if item.status_text and status.is_done(item.status_text.value) else None
        for measure in item.measures:
            if measure.mark is not None:
                measure.done = Found(status.is_done(measure.mark.value) is True, measure.mark.places)
            elif whole is not None:
                measure.done = Found(True, whole.places, whole.confidence)
            elif marked:
                measure.done = Found(False, (), 0.9)
