"""What frames the tasks: title and issuer above; publicity period, telephones and signature below."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ledger_app.ingest.documents.fields import publicity
from ledger_app.ingest.documents.grammar.anchor import Anchor
from ledger_app.ingest.documents.grammar.reader import Reader
from ledger_app.ingest.documents.rejoin import Piece, Stream
from ledger_app.ingest.documents.result import Found, Publicity

_TITLE_END = re.compile(
    r"(?:公示|公告|通告|通报|情况|方案|报告|通知|清单|台账|函|说明|[表册]|计划|意见|汇报|总结|结果|公开)"
    r"(?:[（(【][^（()）]{1,16}[）)】])?$"
)
_SKIPPED = re.compile(
    r"[（(]?\d{4}年\d{1,2}月\d{1,2}日[）)]?|附件?[0-9一二三四五六七八九十]{0,2}[：:]?|（?(?:公开稿|公示稿)）?|.{0,24}[〔﹝\[【(（]20\d\d[〕﹞\]】)）]\d{1,4}号"
)
_PROSE = re.compile(r"[。；！？]|[：:|»>]$|[：:].{12}|^(?:根据|按照|为|经|现|近日|目前|截至|以上)")
_BODY = re.compile(
    r"[\u4e00-\u9fa5〇○·（）()]{1,30}(?:局|厅|委|办|委员会|办公室|政府|中心|领导小组|指挥部|管委会|团|师|兵团|行署|公司|院|处|站|党委|工作组|"
    r"分局|大队|支队|苏木|镇|乡|街道|园区|开发区|水利部|总站)"
)
_INSIDE = re.compile(r"《[^《》]*》|（[^（）()]*）|\([^（）()]*\)")
_AROUND = frozenset({"publicity", "phone", "frame"})
_PHONE_WORD = re.compile(r"电话|传真|手机|热线|联系")
_TITLE_BODY = re.compile(rf"({_BODY.pattern})(?:关于|对|印发|转发)")


@dataclass(frozen=True, slots=True)
class Signature:
    """The closing line or lines with the body and the date; `start` is where they begin."""

    start: int
    issuer: tuple[int, int] | None
    issued_on: str | None
    dated: tuple[int, int] | None


# The title


def title(reader: Reader, stop: int) -> Found[str] | None:
    """The heading lines before the first task (before `stop`) that end like a title; sentences are none."""
    for block in _blocks(reader.stream, stop):
        for count in range(len(block), 0, -1):
            start, end = block[0].start, block[count - 1].end
            if _TITLE_END.search(reader.text(start, end)) and _reads_as_title(reader.text(start, end)):
                return reader.found(start, end, 0.95)
    return None


def _blocks(stream: Stream, stop: int) -> list[list[Piece]]:
    """The first lines, in blocks that a sentence, a document number or another beginning parts."""
    blocks: list[list[Piece]] = [[]]
    for piece in stream.pieces[:60]:
        words = stream.text[piece.start : piece.end]
        if piece.start >= stop:
            break
        if _SKIPPED.fullmatch(words) or _PROSE.search(words):
            blocks.append([])
        elif _begins(stream, blocks[-1], words) or len(blocks[-1]) == 6:
            blocks.append([piece])
        else:
            blocks[-1].append(piece)
    return [block for block in blocks if block]


def _begins(stream: Stream, block: list[Piece], words: str) -> bool:
    """关于 begins a title unless the line above is the body that issues it; the same line twice is two."""
    above = stream.text[block[-1].start : block[-1].end] if block else ""
    return words == above or (words.startswith("关于") and not (len(block) == 1 and _BODY.fullmatch(above)))


def _reads_as_title(words: str) -> bool:
    """Short, its brackets closed, no comma outside them: a line of a sentence may end in 方案 or 函 too."""
    plain = _INSIDE.sub("", words)
    return 4 <= len(words) <= 160 and not re.search(r"[《》（）()，,]", plain)


def title_issuer(reader: Reader, heading: Found[str] | None, start: int) -> Found[str] | None:
    """The body that the title names before 关于."""
    found = _TITLE_BODY.match(heading.value) if heading else None
    if found is None:
        return None
    return Found(found.group(1), reader.stream.places(start, start + found.end(1)))


# The signature


def signature(stream: Stream, anchors: list[Anchor]) -> Signature:
    """The date at the end of the document and the body above it, looked for from the end backwards.

    What stands above a label of a task is no signature.
    """
    floor = max(
        (anchor.start for anchor in anchors if anchor.label and anchor.field not in _AROUND), default=0
    )
    for index in range(len(stream.pieces) - 1, max(-1, len(stream.pieces) - 16), -1):
        piece = stream.pieces[index]
        if piece.start < floor:
            break
        words = stream.text[piece.start : piece.end]
        day = publicity.signed_date(words)
        if day is not None:
            return _signed(stream, index, day)
        joined = _BODY.match(words)
        if joined and (day := publicity.signed_date(words[joined.end() :])):
            cut = piece.start + joined.end()
            return Signature(piece.start, (piece.start, cut), day, (cut, piece.end))
        if (
            _BODY.fullmatch(words)
            and len(words) >= 4
            and index == len(stream.pieces) - 1
            and _stands_apart(stream, index)
        ):
            return Signature(piece.start, (piece.start, piece.end), None, None)
    return Signature(len(stream.text), None, None, None)


def _signed(stream: Stream, index: int, day: str) -> Signature:
    piece = stream.pieces[index]
    dated = (piece.start, piece.end)
    above = stream.pieces[index - 1] if index else None
    words = stream.text[above.start : above.end] if above else ""
    if above is not None and _BODY.fullmatch(words) and len(words) >= 3:
        return Signature(above.start, (above.start, above.end), day, dated)
    return Signature(piece.start, None, day, dated)


def _stands_apart(stream: Stream, index: int) -> bool:
    return index > 0 and stream.text[stream.pieces[index].start - 1] in "。）)0123456789"


def issued_on(reader: Reader, signed: Signature, stop: int) -> Found[str] | None:
    """The date of the signature, else one alone on its line under the title."""
    if signed.issued_on is None or signed.dated is None:
        return _date_under_title(reader, stop)
    reader.take(*signed.dated)
    return Found(signed.issued_on, reader.stream.places(*signed.dated))


def _date_under_title(reader: Reader, stop: int) -> Found[str] | None:
    for piece in reader.stream.pieces[:12]:
        words = reader.text(piece.start, piece.end)
        inside = words[1:-1] if words[:1] in ("（", "(") else words
        day = publicity.signed_date(inside) if piece.start < stop else None
        if day is not None:
            reader.take(piece.start, piece.end)
            return Found(day, reader.stream.places(piece.start, piece.end), 0.9)
    return None


# Publicity and telephones


def publicity_of(reader: Reader, outside: list[tuple[int, int]]) -> Publicity | None:
    """The publicity period, looked for in the paragraphs that belong to no task."""
    for start, end in outside:
        if "公示" not in reader.text(start, end):
            continue
        for first, last in reader.stream.paragraphs(start, end):
            words = reader.text(first, last)
            made = _publicity(reader, first, words)
            if made is not None:
                return made
    return None


def _publicity(reader: Reader, offset: int, words: str) -> Publicity | None:
    """The period in a paragraph: from the word 公示 to the last of its dates and days is all its own."""
    if "公示" not in words:
        return None
    position = words.index("公示")
    span, count = publicity.period(words), publicity.days(words[position:])
    if span is None and count is None:
        return None
    first, last = (_spanned(reader, offset, one) for one in span) if span else (None, None)
    number = kind = None
    end = span[1].end if span else 0
    if count is not None:
        place = (offset + position + count[1].start, offset + position + count[1].end)
        number = Found(count[0], reader.stream.places(*place))
        kind = Found(count[1].value, reader.stream.places(*place))
        end = max(end, position + count[1].end)
    start = min(position, span[0].start if span else position)
    reader.take_form(offset + start, offset + end)
    return Publicity(first, last, number, kind)


def _spanned(reader: Reader, offset: int, span: publicity.Span) -> Found[str]:
    start, end = offset + span.start, offset + span.end
    doubt = "这一天没有印年份，是按前一个日期推的，请核对。" if span.assumed else ""
    return Found(span.value, reader.stream.places(start, end), 0.7 if span.assumed else 1.0, doubt)


def phones_of(reader: Reader, outside: list[tuple[int, int]]) -> list[Found[str]]:
    """Telephone numbers in the text that belongs to no task, each behind a word such as 电话."""
    result: list[Found[str]] = []
    spans = [
        (first + span.start, first + span.end)
        for start, end in outside
        for first, last in reader.stream.paragraphs(start, end)
        for span in publicity.phones(reader.text(first, last))
    ]
    for start, end in spans:
        if _PHONE_WORD.search(reader.stream.text, max(0, start - 40), start):
            found = reader.found(start, end)
            for anchor in reader.between(max(0, start - 30), start):
                if anchor.field == "phone" and anchor.end == start:
                    reader.take_form(anchor.start, start)
            if found is not None and found.value not in {phone.value for phone in result}:
                result.append(found)
    return result
