"""Breaking Chinese lines as printed papers do (GB/T 15834, CLREQ): no “（《〔 at an end, no ，。」 at a start,
a number stays with its unit, a word of letters and digits stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

Measure = Callable[[str], float]

CANNOT_START = frozenset("，。、；：？！）》〉〕】」』”’…—·％%‰℃,.;:?!)]}>＞²³")
CANNOT_END = frozenset("（《〈〔【「『“‘([{<＜￥$№")

_UNIT = (
    r"[十百千万亿]*(?:m³/s|m³/h|m³/d|m³/亩|m³/a|m³|m3|m2|m²|km²|㎡|㎥|km|kWh|kW|mm|cm|MPa|hm²|ha|m|t|L/s|°|℃|"
    r"立方米|平方米|公里|千米|千瓦时|千瓦|公顷|毫米|厘米|万元|个百分点|个月|工作日|小时|分钟|%|％|‰|"
    r"[亩米元眼套处座台户人口本份项个家件条张次天日月年号吨度倍例期批轮级类组村镇名辆块位])?"
)
_ATOM = re.compile(
    r"[+\-±＞＜≥≤>]?\d[\d.,:/\-～~]*" + _UNIT + r"|[A-Za-z0-9_@#&./+\-²³]+|——|……|\s+|.",
    re.DOTALL,
)


def break_lines(text: str, width: float, measure: Measure) -> list[str]:
    """Lines of `text` no wider than `width`, by the measure given; line breaks in the text are kept.

    Only what is wider than a whole line by itself is cut inside.
    """
    return [line for paragraph in text.split("\n") for line in _fill(paragraph, width, measure)]


def even_lines(text: str, width: float, measure: Measure) -> list[str]:
    """As few lines as fit, about equally long: titles, heads, labels."""
    fewest = len(break_lines(text, width, measure))
    widest_piece = max((measure(piece) for piece in chunks(text)), default=0.0)
    narrow = min(max(measure(text) / fewest, widest_piece), width)
    while narrow < width and len(break_lines(text, narrow, measure)) > fewest:
        narrow += width / 50
    return break_lines(text, min(narrow, width), measure)


def _fill(paragraph: str, width: float, measure: Measure) -> Iterator[str]:
    if measure(paragraph) <= width:
        yield paragraph
        return
    line = ""
    for chunk in chunks(paragraph):
        if line and measure((line + chunk).rstrip()) > width:
            yield line.rstrip()
            line = ""
        line = line + chunk if line else chunk.lstrip(" ")
        if measure(line.rstrip()) > width:
            *full, line = _cut(line, width, measure)
            yield from full
    if line.strip():
        yield line.rstrip()


def chunks(text: str) -> Iterator[str]:
    """Pieces between which a line may end."""
    chunk = ""
    for match in _ATOM.finditer(text):
        atom = match.group()
        if chunk and not (atom[0] in CANNOT_START or chunk[-1] in CANNOT_END or atom.isspace()):
            yield chunk
            chunk = ""
        chunk += atom
    if chunk:
        yield chunk


def _cut(text: str, width: float, measure: Measure) -> list[str]:
    """Cut what fits no line; a closing mark takes the character before it along."""
    lines, line = [], ""
    for character in text:
        if line and measure(line + character) > width:
            at = len(line)
            while at > 1 and (line + character)[at] in CANNOT_START:
                at -= 1
            lines.append(line[:at])
            line = line[at:]
        line += character
    return [*lines, line]
