"""读公文: source and reading side by side, corrected, compared, stored as one act, taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor

from ledger_app.core.entities import LEDGERS
from ledger_app.db.queries import listing
from ledger_app.services.reading import apply_document, read_document
from ledger_app.services.session import Operator
from ledger_app.ui.main_window import MainWindow
from ledger_app.ui.messages import Note
from ledger_app.ui.pages.reading import READ, START, ReadingPage

NOTICES = Path(__file__).parents[1] / "data" / "notices" / "given"
PLAN = NOTICES / "hohhot_plan_part.txt"
TABLE = NOTICES / "inner_mongolia_task16.txt"
TASKS = LEDGERS["rectifications"]


@pytest.fixture
def reading(window: MainWindow) -> ReadingPage:
    window.visit("read")
    page = window.page("read")
    assert isinstance(page, ReadingPage)
    return page


def stored(page: ReadingPage) -> list[dict[str, Any]]:
    space = page.context.workspace
    ids = listing.row_ids(space.screen, space.registry, TASKS, listing.Query())
    return listing.page(space.screen, space.registry, TASKS, sorted(ids))


def row_of(page: ReadingPage, label: str) -> int:
    return next(n for n, line in enumerate(page.fields.lines) if line.label == label)


def lit_text(page: ReadingPage) -> str:
    """What the source lights up, as it is drawn."""
    marks = [s for s in page.source.extraSelections() if s.format.background().color() == _mark(page)]
    return "".join(s.cursor.selectedText() for s in marks)


def _mark(page: ReadingPage) -> Any:
    return page.context.theme.colour("mark")


def test_a_document_is_shown_with_its_tasks_and_what_would_become_of_them(reading: ReadingPage) -> None:
    assert (reading.step, reading.store.isVisible()) == (START, False)
    reading.open_file(PLAN)
    assert reading.step == READ
    assert reading.tasks.count() == 1 + 8 + 1
    assert "（1） 和林格尔县" in reading.tasks.item(1).text()
    assert "新增" in reading.tasks.item(1).text()
    assert reading.head.said.text().startswith("读到 8 项 · 新增 8")
    assert stored(reading) == []


def test_a_line_lights_up_the_words_it_was_read_from(reading: ReadingPage) -> None:
    reading.open_file(PLAN)
    reading.fields.setCurrentCell(row_of(reading, "牵头单位"), 1)
    assert "市林业和草原局" in lit_text(reading)
    reading.fields.setCurrentCell(row_of(reading, "整改时限"), 1)
    assert lit_text(reading) == "2024年12月底"


def test_characters_that_qt_counts_twice_do_not_shift_the_light(reading: ReadingPage) -> None:
    text = PLAN.read_text(encoding="utf-8").replace("和林格尔县2021年", "𠮷林格尔县2021年", 1)
    reading.open_text(text)
    reading.fields.setCurrentCell(row_of(reading, "整改时限"), 1)
    assert lit_text(reading) == "2024年12月底"


def test_a_click_into_the_source_finds_what_was_read_there(reading: ReadingPage) -> None:
    reading.open_file(PLAN)
    at = reading.source.toPlainText().index("城区建筑垃圾随")
    cursor = QTextCursor(reading.source.document())
    cursor.setPosition(at)
    reading.source.pointed.emit(reading.source.character_at(cursor.position()))
    assert reading.tasks.currentRow() == 4
    assert reading.fields.currentRow() == row_of(reading, "整改任务")


def test_what_no_field_took_is_listed_and_lights_up(reading: ReadingPage) -> None:
    reading.open_file(PLAN)
    reading.tasks.setCurrentRow(reading.tasks.count() - 1)
    assert "没有归到哪一项" in reading.tasks.currentItem().text()
    reading.fields.setCurrentCell(0, 1)
    shown, read = "".join(lit_text(reading).split()), "".join(reading.fields.lines[0].text.split())
    assert shown.replace("\u2029", "") == read


def test_a_correction_is_what_is_stored_and_a_bad_date_is_said(reading: ReadingPage, dialogs: Any) -> None:
    reading.open_file(PLAN)
    reading.fields.corrected.emit(row_of(reading, "牵头单位"), "市林草局")
    reading.fields.corrected.emit(row_of(reading, "责任单位"), "甲局、乙局")
    reading.fields.corrected.emit(row_of(reading, "时限日期"), "2024.12.30")
    dialogs.expect_button("知道了")
    reading.fields.corrected.emit(row_of(reading, "时限日期"), "年底")
    assert len(dialogs.seen) == 1
    reading.write()
    first = stored(reading)[0]
    assert (first["lead_unit"], first["responsible_units"]) == ("市林草局", "甲局、乙局")
    assert first["deadline_on"] == "2024-12-30"


def test_only_tasks_that_are_ticked_are_stored_and_the_act_can_be_undone(
    window: MainWindow, reading: ReadingPage
) -> None:
    reading.open_file(PLAN)
    for row in (1, 2, 3):
        reading.tasks.item(row).setCheckState(Qt.CheckState.Unchecked)
    reading.write()
    assert len(stored(reading)) == 5
    assert "没有变化" in reading.tasks.item(4).text()
    note = window.findChildren(Note)[-1]
    assert note.said == "已存入 5 项整改任务"
    note.run()
    assert stored(reading) == []
    assert "新增" in reading.tasks.item(4).text()


def test_a_document_already_in_the_ledger_has_nothing_to_store(reading: ReadingPage) -> None:
    apply_document(reading.context.workspace.writer, read_document(PLAN), "王娜", source_file=PLAN.name)
    reading.open_file(PLAN)
    assert "没有变化" in reading.tasks.item(1).text()
    assert not reading.store.isEnabled()


def test_areas_of_a_completion_table_stand_below_the_measures(reading: ReadingPage) -> None:
    reading.open_file(TABLE)
    labels = [line.label for line in reading.fields.lines]
    assert labels.index("包头市") > labels.index("措施5 5.")


def test_a_document_that_cannot_be_read_is_said_where_one_chooses(
    reading: ReadingPage, tmp_path: Path
) -> None:
    letter = tmp_path / "信.txt"
    letter.write_text("今天天气很好。", encoding="utf-8")
    reading.open_file(letter)
    assert reading.step == START
    assert "没有找到整改任务" in reading.start.message.text()


def test_who_may_only_read_sees_the_reading_and_cannot_store_it(
    window: MainWindow, reading: ReadingPage
) -> None:
    reading.open_file(PLAN)
    window.context.workspace.operator = Operator("访客", "只读")
    reading.operator_changed()
    assert not reading.store.isEnabled()
    assert "只读" in reading.store.toolTip()
