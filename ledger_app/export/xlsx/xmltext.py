"""XML as text: tags found and changed in place, so that every byte nobody asked about stays.

No parser builds a tree here, so nothing is expanded or fetched: a part with a DOCTYPE never comes
this far (package.py), and only the five predefined entities and character references are known.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable

# A name with or without a prefix; the body of a start tag with quoted values respected.
NAME = rb"(?:[\w.-]+:)?"
TAG = re.compile(
    rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"
    rb"|<(?P<close>/?)(?P<name>[^\s/>!?]+)(?P<attrs>(?:[^>\"'/]++|/(?!>)|\"[^\"]*\"|'[^']*')*+)(?P<empty>/?)>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(rb"([^\s=]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
_ENTITY = re.compile(r"&(?:#(\d+)|#[xX]([0-9a-fA-F]+)|(lt|gt|amp|quot|apos));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_DECLARED = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.-]+)[\"']")
_DECLARATION = re.compile(r"^\ufeff?\s*<\?xml[^>]*\?>")
_CDATA = re.compile(rb"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
# What XML 1.0 cannot carry, and the mark by which Excel writes such characters (`_x000B_`).
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
SPECIAL = re.compile("[&<>\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
_ASCII_LIKE = frozenset({"utf-8", "ascii", "us-ascii"})


def local(name: bytes) -> bytes:
    return name.rpartition(b":")[2]


def unescape(data: bytes) -> str:
    """Text between tags or quotes; raises UnicodeDecodeError where a part is not what it says it is."""
    text = data.decode("utf-8")
    return _ENTITY.sub(_entity, text) if "&" in text else text


def _entity(match: re.Match[str]) -> str:
    if match[3]:
        return _NAMED[match[3]]
    code = int(match[1]) if match[1] else int(match[2], 16)
    return chr(code) if code <= 0x10FFFF else match[0]


def escape(text: str) -> bytes:
    """Text for an element, as UTF-8."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").encode("utf-8")


def escape_value(text: str) -> bytes:
    """Text for an attribute in double quotes, as UTF-8."""
    return escape(text).replace(b'"', b"&quot;").replace(b"\n", b"&#10;")


def cell_text(text: str) -> str:
    """Text as it stands in `<t>`: line ends as Excel keeps them, unprintable characters gone.

    Excel reads `_x000D_` in a cell as a character code (ECMA-376, ST_Xstring), so text that happens
    to look like one has its first underscore written as a code.
    """
    text = _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _ESCAPE_LIKE.sub("_x005F_", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def get(attrs: bytes, name: bytes) -> str | None:
    """An attribute by its local name, a plain one before one with a prefix."""
    found = None
    for match in _ATTRIBUTE.finditer(attrs):
        if match[1] == name:
            return unescape(match[2][1:-1])
        if found is None and local(match[1]) == name:
            found = match[2][1:-1]
    return None if found is None else unescape(found)


def whole(text: str | None, default: int = 0) -> int:
    """A whole number as an attribute holds it; the default when there is none or it is none."""
    return int(text) if text and text.isascii() and text.isdigit() else default


def decimal(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None


def put(attrs: bytes, name: bytes, value: str) -> bytes:
    """The attributes with one plain attribute set, in its place or at the end."""
    for match in _ATTRIBUTE.finditer(attrs):
        if match[1] == name:
            return attrs[: match.start(2)] + b'"' + escape_value(value) + b'"' + attrs[match.end(2) :]
    return attrs.rstrip() + b" " + name + b'="' + escape_value(value) + b'"'


def drop(attrs: bytes, *names: bytes) -> bytes:
    """The attributes without those named (with the space before them)."""
    kept, at = [], 0
    for match in _ATTRIBUTE.finditer(attrs):
        if match[1] in names:
            kept.append(attrs[at : match.start()].rstrip())
            at = match.end()
    return b"".join(kept) + attrs[at:] if at else attrs


def tag(match: re.Match[bytes], attrs: bytes) -> bytes:
    """A start tag written again with other attributes."""
    if attrs == match["attrs"]:
        return match[0]
    return b"<" + match["close"] + match["name"] + attrs + match["empty"] + b">"


def edit_tags(data: bytes, change: Callable[[bytes, bytes], bytes]) -> bytes:
    """Every start tag's attributes passed through `change(local name, attributes)`."""

    def one(match: re.Match[bytes]) -> bytes:
        if not match["name"] or match["close"]:
            return match[0]
        return tag(match, change(local(match["name"]), match["attrs"]))

    return TAG.sub(one, data)


def encoding_of(head: bytes) -> str:
    """The encoding a part declares or shows by its first bytes; UTF-8 when it says nothing."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8"
    for zeroed, name in ((b"<\x00?\x00", "utf-16-le"), (b"\x00<\x00?", "utf-16-be")):
        if head.startswith(zeroed):
            return name
    declared = _DECLARED.match(head)
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    try:
        codecs.lookup(name)
    except LookupError:
        return "utf-8"
    return name


def is_utf8(encoding: str) -> bool:
    return encoding in _ASCII_LIKE or encoding == "utf8"


def to_utf8(text: str) -> bytes:
    """Text of another encoding as UTF-8, with a declaration that says so."""
    return _DECLARATION.sub('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>', text, count=1).encode()


def plain(data: bytes) -> bytes:
    """The same XML without comments and CDATA sections, which would mislead a search for tags."""
    if b"<!" not in data:
        return data
    data = _CDATA.sub(lambda match: escape(match[1].decode("utf-8")), data)
    return _COMMENT.sub(b"", data)
