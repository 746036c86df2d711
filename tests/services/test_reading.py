"""Official documents become rectification tasks: as printed, once, and again without doubles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ledger_app.core.entities import LEDGERS
from ledger_app.core.errors import LedgerError
from ledger_app.core.rules.rectifications import Told, match, status_of
from ledger_app.db import journal
from ledger_app.db.store import ActInfo, Store
from ledger_app.db.undo import undo
from ledger_app.services.reading import (
    Document,
    apply_document,
    plan_document,
    read_document,
    read_text,
)
from ledger_app.services.reading_facts import areas_of_task, measures_of_task
from ledger_app.services.reading_words import summary

NOTICES = Path(__file__).parents[1] / "data" / "notices"
TASKS, MEASURES, AREAS = (
    LEDGERS[name] for name in ("rectifications", "rectification_measures", "rectification_areas")
)
NOTICE = """大河县水利局关于反馈意见（问题三）整改情况的公示

现将整改情况予以公示：
一、整改任务：部分机电井未安装计量设施，取用水底数不清。
二、整改时限：2025年6月底
三、整改目标：计量设施应装尽装。
四、整改措施：
1.开展机电井核查登记。
2.安装计量设施2600套。
五、完成情况：
1.核查机电井2835眼。
2.已安装2600套。
公示时间：2025年9月4日至9月17日，共10个工作日。
联系电话：0478-5912345
"""


def notice(**instead: str) -> Document:
    """The notice with some of its words replaced."""
    text = NOTICE
    for old, new in instead.items():
        assert old in text
        text = text.replace(old, new)
    return read_text(text)


def stored(store: Store, **words: Any) -> dict[str, Any]:
    """The one task whose cells these are."""
    rows = [r for r in store.rows(TASKS) if all(r[name] == value for name, value in words.items())]
    assert len(rows) == 1
    return rows[0]


def counts(store: Store) -> tuple[int, int]:
    return len(store.rows(TASKS)), len(store.rows(MEASURES))


def test_a_plan_is_stored_as_tasks_with_their_measures_in_one_act(store: Store) -> None:
    document = read_document(NOTICES / "given" / "hohhot_plan_part.txt")
    done = apply_document(store, document, "张三", source_file="hohhot_plan_part.txt")
    assert counts(store) == (8, sum(len(item.measures) for item in document.items))
    first = stored(store, number="（1）")
    assert first["lead_unit"] == "市林业和草原局"
    assert (first["deadline_text"], first["deadline_on"]) == ("2024年12月底", "2024-12-31")
    assert first["heading"].count("›") == 2
    measures = store.rows(MEASURES, "task_uid = ?", (first["uid"],))
    assert [(m["position"], m["ordinal"], m["done"]) for m in measures] == [
        (1, "一是", "是"),
        (2, "二是", "是"),
    ]
    acts = {entry.act_uid for entry in journal.entries(store.conn, "ledger LIKE 'rectification%'")}
    assert acts == {done.act}
    assert done.changed == {"rectifications", "rectification_measures"}


@pytest.mark.parametrize("path", sorted(NOTICES.rglob("*.txt")), ids=lambda p: p.stem)
def test_the_same_document_again_changes_nothing(store: Store, path: Path) -> None:
    document = read_document(path)
    apply_document(store, document, "张三", source_file=path.name)
    held = counts(store)
    assert held[0] == len(document.items)
    again = apply_document(store, read_document(path), "张三", source_file=f"{path.stem}（副本）.txt")
    assert again.act is None
    assert again.plan.counts()["same"] == held[0]
    assert counts(store) == held


def test_a_document_that_was_put_right_updates_its_task(store: Store) -> None:
    apply_document(store, notice(), "张三")
    again = apply_document(
        store,
        notice(取用水底数不清="取用水底数仍不清楚", **{"2025年6月底": "2025年12月底", "2600套": "2700套"}),
        "李四",
    )
    assert again.plan.counts() == {"new": 0, "changed": 1, "same": 0, "incomplete": 0}
    assert counts(store) == (1, 2)
    task = stored(store, number="问题三")
    assert task["problem"].endswith("取用水底数仍不清楚。")
    assert task["deadline_on"] == "2025-12-31"
    texts = [m["text"] for m in store.rows(MEASURES)]
    assert texts == ["开展机电井核查登记。", "安装计量设施2700套。"]


def test_what_a_document_leaves_out_takes_nothing_away(store: Store) -> None:
    apply_document(store, notice(), "张三")
    apply_document(store, notice(**{"三、整改目标：计量设施应装尽装。\n": ""}), "张三")
    assert stored(store)["goal"] == "计量设施应装尽装。"


def test_what_the_clerk_has_written_since_stays_when_the_document_says_the_same_again(store: Store) -> None:
    apply_document(store, notice(), "张三")
    uid = stored(store)["uid"]
    with store.act(ActInfo("correct", "张三")) as act:
        act.update(TASKS, uid, {"goal": "计量设施应装尽装、正常运行。", "status": "已销号"})
    assert apply_document(store, notice(), "张三").act is None
    assert stored(store)["goal"] == "计量设施应装尽装、正常运行。"
    apply_document(store, notice(应装尽装="全部安装"), "张三")
    assert stored(store)["goal"] == "计量设施全部安装。"
    assert stored(store)["status"] == "已销号"


def test_a_task_entered_by_hand_takes_the_document_that_speaks_of_it(store: Store) -> None:
    with store.act(ActInfo("register", "张三")) as act:
        uid = act.insert(TASKS, {"problem": "部分机电井未安装计量设施，取用水底数不清。"})
    done = apply_document(store, notice(), "张三")
    assert done.uids == (uid,)
    assert stored(store)["number"] == "问题三"


def test_the_same_problem_in_another_document_is_another_task_and_said(store: Store) -> None:
    apply_document(store, notice(), "张三")
    done = apply_document(store, notice(大河县="小河县"), "张三")
    assert counts(store)[0] == 2
    assert len(done.plan.tasks[0].twins) == 1
    assert any("原文相同" in line for line in summary(notice(), "a.txt", done))


def test_a_task_that_is_gone_from_the_document_stays(store: Store) -> None:
    path = NOTICES / "given" / "urad_middle_progress_part.txt"
    document = read_document(path)
    apply_document(store, document, "张三")
    document.items.pop()
    done = apply_document(store, document, "张三")
    assert len(store.rows(TASKS)) == 6
    assert len(done.plan.missing) == 1


def test_the_areas_of_a_completion_table_are_kept_by_name(store: Store) -> None:
    document = read_document(NOTICES / "given" / "inner_mongolia_task16.txt")
    apply_document(store, document, "张三")
    document.items[0].areas.reverse()
    apply_document(store, document, "张三")
    names = [row["name"] for row in store.rows(AREAS)]
    assert len(names) == 10
    assert "鄂尔多斯市（查干苏莫）" in names


def test_a_tasks_measures_and_areas_hang_on_it_as_lines(store: Store) -> None:
    apply_document(store, read_document(NOTICES / "given" / "inner_mongolia_task16.txt"), "张三")
    uid = stored(store)["uid"]
    measures = measures_of_task(store.conn, uid)
    assert [line.text[:2] for line in measures] == ["1.", "2.", "3.", "4.", "5."]
    assert {(line.note, line.ledger) for line in measures} == {("已完成", "rectification_measures")}
    assert [line.text for line in areas_of_task(store.conn, uid)][:2] == ["包头市", "赤峰市"]


def test_items_left_out_and_items_without_a_problem_are_not_stored(store: Store) -> None:
    document = read_document(NOTICES / "given" / "hohhot_plan_part.txt")
    document.items[2].problem = None
    done = apply_document(store, document, "张三", leave_out={0, 1})
    assert len(done.uids) == 5
    assert done.plan.counts()["incomplete"] == 1
    assert {row["number"] for row in store.rows(TASKS)} == {f"（{n}）" for n in range(4, 9)}


def test_an_undone_reading_can_be_read_again(store: Store) -> None:
    done = apply_document(store, notice(), "张三")
    assert done.act
    undo(store, done.act, "张三")
    assert counts(store) == (0, 0)
    apply_document(store, notice(), "张三")
    assert counts(store) == (1, 2)


def test_a_plan_that_the_ledger_has_overtaken_is_refused(store: Store) -> None:
    head = plan_document(store.conn, store.registry, notice()).head
    with store.act(ActInfo("register", "张三")) as act:
        act.insert(TASKS, {"problem": "另一件事。"})
    with pytest.raises(LedgerError, match="又有改动"):
        apply_document(store, notice(), "张三", head=head)


def test_publicity_telephones_and_results_stand_with_the_task(store: Store) -> None:
    apply_document(store, notice(), "张三")
    task = stored(store)
    assert (task["publicity_from"], task["publicity_to"], task["publicity_days"]) == (
        "2025-09-04",
        "2025-09-17",
        "10个工作日",
    )
    assert task["phones"] == "0478-5912345"
    assert [m["progress"] for m in store.rows(MEASURES)] == ["核查机电井2835眼。", "已安装2600套。"]


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("已完成整改，长期坚持。", "已完成整改，长期坚持"),
        ("已完成整改并销号", "已销号"),
        ("正在整改，达到序时进度", "达到序时进度"),
        ("正在整改（达到序时进度）", "达到序时进度"),
        ("达到序时进度，长期坚持", "达到序时进度"),
        ("已完成现阶段整改", "已完成现阶段整改"),
        ("未达序时进度", "未达序时"),
        ("基本完成整改，长期坚持", None),
        ("另行报告", None),
    ],
)
def test_status_words_mean_a_state_only_where_they_are_known(said: str, state: str | None) -> None:
    assert status_of(said) == state


def test_a_number_alone_is_enough_only_where_the_problems_are_alike() -> None:
    held = [Told("（一）", "地下水超采治理不到位。", "一、"), Told("（二）", "计量率低。", "一、")]
    read = [Told("（一）", "地下水超采治理仍不到位。", "一、"), Told("（二）", "取水许可管理混乱。", "一、")]
    assert match(read, held) == [0, None]
    assert match(read, held, loose=True) == [0, 1]


def test_equal_problems_of_one_document_are_matched_one_by_one() -> None:
    twice = [Told(None, "计量率低。"), Told(None, "计量率低。")]
    assert match(twice, twice) == [0, 1]
    assert match(twice, twice[:1]) == [0, None]
