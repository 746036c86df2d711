"""Which kind of file it is, by its first bytes; what cannot be read is refused with a sentence."""

from __future__ import annotations

from pathlib import Path

from ledger_app.core.errors import LedgerError
from ledger_app.ingest.documents.source import Source, decode
from ledger_app.ingest.documents.text_source import text_source

MAX_BYTES = 200 * 2**20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")


def read_source(path: Path) -> Source:
    """The text and the lines of a document file."""
    data = _bytes(path)
    if data.startswith(_OLE):
        raise _ole(data)
    if data[:1024].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"%PDF") or b"%PDF-" in data[:1024]:
        from ledger_app.ingest.documents.pdf_source import read_pdf  # noqa: PLC0415  # pdfium loads only for a pdf

        return read_pdf(data)
    if data.startswith(b"PK"):
        from ledger_app.ingest.documents.docx_source import read_docx  # noqa: PLC0415  # python-docx likewise

        return read_docx(data)
    _refuse_others(data)
    return text_source(decode(data))


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise LedgerError("这个文件太大（超过 200 MB），请拆成几份再读。", "document_too_large")
        data = path.read_bytes()
    except OSError as error:
        raise LedgerError(
            f"打不开文件“{path.name}”，请看它是不是已被移走，或者正被别的程序占用。", "document_unreadable"
        ) from error
    if not data.strip(b"\x00 \r\n\t\xef\xbb\xbf"):
        raise LedgerError("这个文件是空的，里面没有文字。", "document_empty")
    return data


def _ole(data: bytes) -> LedgerError:
    """An old Word file, or an encrypted docx in the same container."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return LedgerError("这个文件加了密码，请先在 Word 或 WPS 里去掉密码再读。", "document_encrypted")
    return LedgerError(
        "这是旧格式的 .doc 或 .wps 文件，请在 Word 或 WPS 里另存为 .docx 再读。", "document_old_format"
    )


def _refuse_others(data: bytes) -> None:
    if data.startswith(_PICTURES):
        raise LedgerError("这是一张图片，里面没有文字，请先做文字识别（OCR）再读。", "document_scanned")
    if data.lstrip()[:5] == b"{\\rtf":
        raise LedgerError("这是 RTF 文件，请在 Word 或 WPS 里另存为 .docx 再读。", "document_old_format")
    if b"<html" in data[:2048].lower() or data[:13].lower().startswith(b"mime-version:"):
        raise LedgerError("这是网页文件，请在网页上把正文复制下来，用“粘贴文字”读。", "document_web_page")
