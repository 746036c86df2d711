"""Mail drafts: what a mail program finds when it opens one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from ledger_app.core.errors import LedgerError
from ledger_app.export.mail import Draft, covering_sentence, draft_bytes, write_draft

TITLE = "乌拉特中旗水资源管理工作进展月报（2025年9月）"


def report_file(folder: Path) -> Path:
    path = folder / f"{TITLE}.pdf"
    path.write_bytes(b"%PDF-1.4 " + bytes(range(256)))
    return path


def parsed(data: bytes) -> EmailMessage:
    return message_from_bytes(data, policy=policy.default)


def test_a_draft_opens_unsent_with_its_subject_sentence_and_attachment(tmp_path: Path) -> None:
    path = report_file(tmp_path)
    text = covering_sentence("乌拉特中旗水利局", [TITLE], date(2025, 9, 25))
    write_draft(Draft(TITLE, text, (path,), ("chief@example.org",)), tmp_path / "草稿.eml")
    message = parsed((tmp_path / "草稿.eml").read_bytes())
    assert message["X-Unsent"] == "1"
    assert message["Subject"] == TITLE
    assert message["To"] == "chief@example.org"
    body = message.get_body()
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == (
        f"您好：\n\n　　现将《{TITLE}》（数据截至2025年9月25日）随信附上，请查收。\n\n乌拉特中旗水利局"
    )
    [attachment] = message.iter_attachments()
    assert attachment.get_filename() == f"{TITLE}.pdf"
    assert attachment.get_content_type() == "application/pdf"
    assert attachment.get_content() == path.read_bytes()


def test_the_attachment_name_is_there_for_old_mail_programs_too(tmp_path: Path) -> None:
    data = draft_bytes(Draft("x", "y", (report_file(tmp_path),)))
    assert b"filename*=utf-8''%E4%B9%8C" in data
    assert b'name="=?utf-8?' in data


def test_the_same_draft_is_the_same_file(tmp_path: Path) -> None:
    draft = Draft(TITLE, "请查收。", (report_file(tmp_path),), at=datetime(2025, 9, 26, 8, 30, tzinfo=UTC))
    assert draft_bytes(draft) == draft_bytes(draft)
    assert parsed(draft_bytes(draft))["Date"] == "Fri, 26 Sep 2025 08:30:00 +0000"


def test_lines_end_as_mail_wants_and_hold_only_ascii(tmp_path: Path) -> None:
    data = draft_bytes(Draft(TITLE, "请查收。", (report_file(tmp_path),)))
    assert data.isascii()
    assert data.count(b"\n") == data.count(b"\r\n")


def test_a_line_break_in_the_subject_starts_no_new_header() -> None:
    message = parsed(draft_bytes(Draft("月报\r\nBcc: someone@example.org", "x")))
    assert message["Bcc"] is None
    assert message["Subject"] == "月报 Bcc: someone@example.org"


def test_a_missing_attachment_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="读不出来"):
        draft_bytes(Draft("x", "y", (tmp_path / "无.pdf",)))
