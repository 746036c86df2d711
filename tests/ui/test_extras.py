"""What the known ledgers have beyond their declaration: acts, the head of a record, what hangs on it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QColor, QDesktopServices, QImage
from PySide6.QtWidgets import QLabel

from ledger_app.core.entities import LEDGERS
from ledger_app.services import acts, record_facts
from ledger_app.services.record_facts import Told
from ledger_app.services.session import Workspace
from ledger_app.ui.main_window import MainWindow
from ledger_app.ui.messages import Note
from ledger_app.ui.pages import ledger_extras
from ledger_app.ui.pages.ledger_sections import Attachments, LinesView
from ledger_app.ui.places import Target
from tests.ui.conftest import TODAY

WHO: Any = {"who": "王娜", "today": TODAY}


def uid_of(workspace: Workspace, ledger: str, number: str) -> str:
    entity = LEDGERS[ledger]
    sql = f"SELECT uid FROM {entity.table} WHERE {entity.key[0]} = ?"
    return str(workspace.reader.execute(sql, (number,)).fetchone()[0])


def told(workspace: Workspace, ledger: str, uid: str, today: date = TODAY) -> dict[str, Told]:
    answers = ledger_extras.HEADS[ledger](workspace.screen, uid, today)
    return {each.label: each for each in answers}


def test_every_act_that_is_offered_is_known_and_named_with_three_dots(workspace: Workspace) -> None:
    for name, extras in ledger_extras.extras(workspace).items():
        assert {c for c in extras.columns if c not in LEDGERS[name].by_name} == set()
        assert all(spec.label.endswith("…") for spec in extras.acts)


def test_a_well_says_until_when_it_is_licensed(workspace: Workspace) -> None:
    licensed = uid_of(workspace, "wells", "150824101201J0001")
    assert told(workspace, "wells", licensed)["许可"] == Told("许可", "有效，2026-12-31 到期", "green")
    soon = told(workspace, "wells", licensed, date(2026, 9, 1))["许可"]
    assert soon == Told("许可", "有效，2026-11-16 前要申请延续", "amber")
    late = told(workspace, "wells", licensed, date(2026, 12, 1))["许可"]
    assert late == Told("许可", "已过申请期限未申请，2026-12-31 到期", "red")


def test_a_well_without_a_permit_says_so(workspace: Workspace) -> None:
    bare = uid_of(workspace, "wells", "150824101200J0001")
    assert told(workspace, "wells", bare)["许可"] == Told("许可", "无证", "amber")


def test_a_closed_well_says_when_and_whether_it_was_accepted(workspace: Workspace) -> None:
    well = uid_of(workspace, "wells", "150824101200J0001")
    facts = {"method": "封填", "closed_on": "2025-09-03"}
    acts.perform(workspace.writer, "close", [well], facts, **WHO)
    assert told(workspace, "wells", well)["封停"].text == "2025-09-03 封填，还没有验收"
    closure = workspace.reader.execute("SELECT uid FROM closures").fetchone()[0]
    assert told(workspace, "closures", closure)["验收"].text == "还没有验收，封停已 27 天"
    acts.perform(workspace.writer, "accept_closure", [closure], {"accepted_on": "2025-09-20"}, **WHO)
    assert told(workspace, "closures", closure)["验收"].text == "2025-09-20 已验收"


def test_a_permit_says_the_last_day_to_apply(workspace: Workspace) -> None:
    permit = uid_of(workspace, "permits", "D150824G2021-0001")
    assert told(workspace, "permits", permit)["最迟申请"].text == "2026-11-16（还有 412 天）"
    assert told(workspace, "permits", permit)["证下取水口"] == Told("证下取水口", "没有", "amber")


def test_a_permit_says_what_it_gives_to_its_wells(workspace: Workspace) -> None:
    well = uid_of(workspace, "wells", "150824101200J0001")
    permit = {
        "number": "D150824G2025-0009",
        "holder": "新民农业合作社",
        "valid_from": "2025-01-01",
        "valid_to": "2029-12-31",
        "permitted_volume_m3": 20_000,
        "points": {well: 15_000, "150824999999J0001": None},
    }
    uid = acts.issue(workspace.writer, [permit], **WHO).done[0]
    assert told(workspace, "permits", uid)["证下取水口"].text == "2 眼（处），已分配 1.5 万m³"
    lines = record_facts.points_of_permit(workspace.screen, uid)
    assert [line.text for line in lines] == ["150824999999J0001", "大圣村 0001"]
    assert lines[1].uid == well


def test_a_renewed_permit_shows_what_it_was_before(workspace: Workspace) -> None:
    permit = uid_of(workspace, "permits", "D150824G2021-0001")
    acts.perform(workspace.writer, "renew", [permit], {"years": 5, "cut_percent": 10}, **WHO)
    line = record_facts.versions_of_permit(workspace.screen, permit)[0]
    assert (line.text, line.note) == (
        "2027-01-01 延续前",
        "大圣村用水户0　2021-01-01 至 2026-12-31　5 万m³",
    )


def test_a_water_user_says_what_it_holds(workspace: Workspace) -> None:
    user = uid_of(workspace, "water_users", "大圣村用水户0")
    assert told(workspace, "water_users", user)["取水许可"].text == "1 本有效，许可 5 万m³"


def test_the_head_of_a_record_stands_on_its_page(window: MainWindow, workspace: Workspace) -> None:
    well = uid_of(workspace, "wells", "150824101201J0001")
    window.visit("wells", Target(uid=well))
    pane: Any = window.page("wells").pane  # type: ignore[attr-defined]
    assert "有效，2026-12-31 到期" in [label.text() for label in pane.head.findChildren(QLabel)]


def test_a_line_leads_to_its_record_and_a_list_to_all_of_them(
    window: MainWindow, workspace: Workspace
) -> None:
    user = uid_of(workspace, "water_users", "大圣村用水户0")
    lines = record_facts.permits_of_user(workspace.screen, user)
    view = LinesView(window.context, lines * 2, "取水许可")
    view.follow(f"permits/{lines[0].uid}")
    assert window.current_key == "permits"
    assert window.page("permits").pane.uid == lines[0].uid  # type: ignore[attr-defined]
    view.follow("all:")
    assert window.page("permits").filters.only == (lines[0].uid, lines[0].uid)  # type: ignore[attr-defined]
    assert "在表里打开这 2 条" in view.text()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    picture = QImage(400, 300, QImage.Format.Format_RGB32)
    picture.fill(QColor("#336699"))
    path = tmp_path / "封填后.png"
    picture.save(str(path))
    return path


def test_a_photo_is_attached_shown_small_opened_and_taken_off(
    window: MainWindow, workspace: Workspace, photo: Path, monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    well = uid_of(workspace, "wells", "150824101200J0001")
    shown = Attachments(window.context, LEDGERS["wells"], well)
    qtbot.addWidget(shown)
    assert shown.rows == []
    shown.attach([photo])
    again = Attachments(window.context, LEDGERS["wells"], well)
    qtbot.addWidget(again)
    assert [row["name"] for row in again.rows] == ["封填后.png"]
    thumb: Any = again.findChild(QLabel)
    assert thumb.pixmap().width() == 128
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    again.open(again.rows[0])
    assert Path(opened[0].toLocalFile()).read_bytes() == photo.read_bytes()
    again.remove(again.rows[0])
    assert workspace.reader.execute("SELECT COUNT(*) FROM attachments").fetchone() == (0,)
    notes: Any = window.findChildren(Note)
    notes[-1].run()
    assert workspace.reader.execute("SELECT COUNT(*) FROM attachments").fetchone() == (1,)


def test_an_attachment_that_is_gone_is_a_sentence(
    window: MainWindow, workspace: Workspace, tmp_path: Path, dialogs: Any, qtbot: Any
) -> None:
    shown = Attachments(window.context, LEDGERS["wells"], uid_of(workspace, "wells", "150824101200J0001"))
    qtbot.addWidget(shown)
    dialogs.expect_button("知道了")
    shown.attach([tmp_path / "没有.jpg"])
    assert "找不到文件" in dialogs.seen[0]
