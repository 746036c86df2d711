"""Mail drafts: a file the usual mail program opens as an unsent message, made without any network."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email import encoders, policy
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime
from pathlib import Path

from ledger_app.core.errors import LedgerError
from ledger_app.export.files import write_bytes

_OFFICE = "vnd.openxmlformats-officedocument"
_TYPES = {
    ".xlsx": ("application", f"{_OFFICE}.spreadsheetml.sheet"),
    ".docx": ("application", f"{_OFFICE}.wordprocessingml.document"),
    ".pdf": ("application", "pdf"),
    ".png": ("image", "png"),
    ".zip": ("application", "zip"),
}


@dataclass(frozen=True, slots=True)
class Draft:
    """What the draft says. `to` may stay empty: the clerk picks who gets it."""

    subject: str
    text: str
    attachments: tuple[Path, ...] = ()
    to: tuple[str, ...] = ()
    at: datetime | None = None


def covering_sentence(unit: str, titles: Sequence[str], as_of: date | None = None) -> str:
    """The sentence that goes with an attachment: what it is, up to when, from whom."""
    named = "、".join(f"《{title}》" for title in titles)
    until = f"（数据截至{as_of.year}年{as_of.month}月{as_of.day}日）" if as_of else ""
    return f"您好：\n\n　　现将{named}{until}随信附上，请查收。\n\n{unit}"


def write_draft(draft: Draft, path: Path) -> None:
    """Write the .eml, whole or not at all; the same bytes for the same draft and files (LedgerError)."""
    write_bytes(path, draft_bytes(draft))


def draft_bytes(draft: Draft) -> bytes:
    message = MIMEMultipart("mixed")
    message["Subject"] = Header(_flat(draft.subject), "utf-8", header_name="Subject").encode()
    if draft.to:
        message["To"] = ", ".join(draft.to)
    if draft.at:
        message["Date"] = format_datetime(draft.at)
    message["X-Unsent"] = "1"  # Outlook opens it ready to send
    message.attach(MIMEText(draft.text, "plain", "utf-8"))
    contents = [(path.name, _read(path)) for path in draft.attachments]
    for name, data in contents:
        message.attach(_attachment(name, data))
    message.set_boundary(_boundary(draft, contents))
    return message.as_bytes(policy=policy.compat32.clone(linesep="\r\n"))


def _attachment(name: str, data: bytes) -> MIMEBase:
    """The name in both spellings: RFC 2231 for those who know it, RFC 2047 for older programs."""
    part = MIMEBase(*_TYPES.get(Path(name).suffix.lower(), ("application", "octet-stream")))
    part.set_payload(data)
    encoders.encode_base64(part)
    part.set_param("name", Header(_flat(name), "utf-8", maxlinelen=10_000).encode())
    part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", name))
    return part


def _flat(text: str) -> str:
    """Header text on one line: a line break would start a new header."""
    return " ".join(text.split())


def _boundary(draft: Draft, contents: Sequence[tuple[str, bytes]]) -> str:
    """A boundary that follows from the contents, so that the same draft is the same file."""
    digest = hashlib.sha256(f"{draft.subject}\0{draft.text}".encode())
    for name, data in contents:
        digest.update(f"\0{name}\0".encode() + data)
    return f"=_{digest.hexdigest()[:40]}"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise LedgerError(f"附件“{path.name}”读不出来，邮件草稿没有写出。", "cannot_read") from error
