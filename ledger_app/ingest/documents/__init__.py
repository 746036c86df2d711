"""Official documents read into rectification tasks: a pure function from a file or a text to a Document."""

from ledger_app.ingest.documents.reading import read_document, read_text
from ledger_app.ingest.documents.result import Document

__all__ = ["Document", "read_document", "read_text"]
