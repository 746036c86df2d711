"""Single fields: deadlines, units, status words, publicity periods, telephones, numbers, labels."""

from __future__ import annotations

import pytest

from ledger_app.ingest.documents import labels, numbering, read_text
from ledger_app.ingest.documents.fields import deadline, status, units


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("2024年12月底", "2024-12-31"),
        ("2025年6月底前", "2025-06-30"),
        ("2025年12月31日前", "2025-12-31"),
        ("2024年2月底", "2024-02-29"),
        ("立行立改，2025年底前取得阶段性成效并长期坚持", "2025-12-31"),
        ("2024年6月至12月", "2024-12-31"),
        ("2023年至2025年", "2025-12-31"),
        ("2024年12月底前完成整治；2025年6月底前验收", "2025-06-30"),
        ("二〇二五年十二月底", "2025-12-31"),
        ("长期坚持", None),
        ("立行立改", None),
        ("12月底", None),
    ],
)
def test_a_deadline_is_the_last_day_it_allows(printed: str, day: str | None) -> None:
    assert deadline.last_day(printed) == day


def test_a_duty_without_an_end_is_marked_and_has_no_date() -> None:
    item = read_text("整改任务：自备井管理不严。\n整改时限：长期坚持\n整改措施：一是巡查。").items[0]
    assert item.continuing
    assert item.deadline is None
    assert item.deadline_text is not None
    assert item.deadline_text.value == "长期坚持"


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("新城区、回民区、赛罕区党委和政府", ["新城区党委和政府", "回民区党委和政府", "赛罕区党委和政府"]),
        ("市自然资源局、林业和草原局", ["市自然资源局", "市林业和草原局"]),
        (
            "自治区水利厅、生态环境厅，各盟市党委和政府（行署）",
            ["自治区水利厅", "自治区生态环境厅", "各盟市党委和政府（行署）"],
        ),
        (
            "各旗县区党委和政府，经济技术开发区党工委和管委会",
            ["各旗县区党委和政府", "经济技术开发区党工委和管委会"],
        ),
        ("市水务局、武川县、东山区人民政府", ["市水务局", "武川县人民政府", "东山区人民政府"]),
        ("石河市委、市政府，临江县委、县政府", ["石河市委、市政府", "临江县委、县政府"]),
        ("呼川市水务局、农牧局和市财政局。", ["呼川市水务局", "呼川市农牧局", "市财政局"]),
        ("市住房和城乡建设局", ["市住房和城乡建设局"]),
        ("各相关部门（市水务局、农牧局）", ["各相关部门（市水务局、农牧局）"]),
        ("市水务集团、国网供电公司", ["市水务集团", "国网供电公司"]),
        ("", []),
    ],
)
def test_units_are_written_out_one_by_one(printed: str, names: list[str]) -> None:
    assert [unit.name for unit in units.split_units(printed)] == names


@pytest.mark.parametrize(
    ("words", "done"),
    [
        ("已完成整改", True),
        ("已完成整改，长期坚持", True),
        ("已全部完成整改", True),
        ("整改已完成", True),
        ("已验收销号", True),
        ("2024年12月已完成整改", True),
        ("已完成现阶段整改", None),
        ("基本完成整改", None),
        ("正在整改，达到序时进度", None),
        ("未达序时进度", None),
        ("尚未启动", None),
    ],
)
def test_status_words_are_known_and_claim_no_more_than_they_say(words: str, done: bool | None) -> None:
    assert status.is_status(words)
    assert status.is_done(words) is done


@pytest.mark.parametrize("words", ["试行", "征求意见稿", "含2024年填埋6眼", "封填机井41眼", "一期、二期"])
def test_other_brackets_are_no_status(words: str) -> None:
    assert not status.is_status(words)


def test_a_measure_is_not_done_only_where_others_carry_the_mark() -> None:
    plain = "整改任务：甲。\n整改措施：\n一是关井。\n二是巡查。"
    assert [m.done for m in read_text(plain).items[0].measures] == [None, None]
    marked = plain.replace("关井。", "关井。（已完成整改）")
    values = [m.done.value for m in read_text(marked).items[0].measures if m.done]
    assert values == [True, False]
    whole = plain + "\n整改进展情况：已完成整改。"
    assert [m.done.value for m in read_text(whole).items[0].measures if m.done] == [True, True]
    stage = "整改任务已完成现阶段整改，现予以公示：\n" + plain
    assert [m.done for m in read_text(stage).items[0].measures] == [None, None]


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("公示时间：2025年9月4日至9月17日，共10个工作日。", ("2025-09-04", "2025-09-17", 10, "工作日")),
        ("公示期为7天（2019年8月22日—8月28日）", ("2019-08-22", "2019-08-28", 7, "天")),
        ("公示期：自2025年10月15日起至10月21日止", ("2025-10-15", "2025-10-21", None, None)),
        ("公示时间：2025年12月29日至1月12日，共10个工作日", ("2025-12-29", "2026-01-12", 10, "工作日")),
        ("公示期自发布之日起5个工作日", (None, None, 5, "工作日")),
        ("公示日期为2025.1.21-2025.2.8", ("2025-01-21", "2025-02-08", None, None)),
    ],
)
def test_a_publicity_period_is_read(printed: str, expected: tuple[object, ...]) -> None:
    document = read_text(f"整改任务：甲。\n完成情况：乙。\n{printed}")
    assert document.publicity is not None
    assert tuple(document.publicity.as_json().values()) == expected


def test_a_year_that_is_not_printed_is_doubtful() -> None:
    document = read_text("整改任务：甲。\n完成情况：乙。\n公示时间：2025年12月29日至1月12日")
    assert document.publicity is not None
    assert document.publicity.last_on is not None
    assert document.publicity.last_on.doubt


@pytest.mark.parametrize(
    "number",
    ["0903-2566084", "0994—2342860", "（0471）1234567", "13812345678", "6780418", "0471-1234567-802"],
)
def test_a_telephone_is_kept_as_printed(number: str) -> None:
    document = read_text(f"整改任务：甲。\n完成情况：乙，投资 13800000000 元。\n联系电话：{number}")
    assert [phone.value for phone in document.phones] == [number]


def test_a_date_behind_a_telephone_is_no_part_of_it() -> None:
    text = "整改任务：甲。\n完成情况：乙。\n整改责任单位电话（传真）0903-2566084\n2025年9月4日"
    document = read_text(text)
    assert [phone.value for phone in document.phones] == ["0903-2566084"]
    assert document.issued_on is not None
    assert document.issued_on.value == "2025-09-04"


def test_the_signature_gives_issuer_and_date() -> None:
    text = "关于地下水超采问题整改情况的公示\n整改任务：甲。\n完成情况：乙。\n特此公示。\n白原县水利局\n2025年9月4日"
    document = read_text(text).as_json()["document"]
    assert (document["title"], document["issuer"], document["issued_on"]) == (
        "关于地下水超采问题整改情况的公示",
        "白原县水利局",
        "2025-09-04",
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("（十一）甲", 11),
        ("12.甲", 12),
        ("1.2022年全面开展", 1),
        ("问题四：甲", 4),
        ("第十六项：甲", 16),
        ("序号16：甲", 16),
        ("⑫甲", 12),
        ("二是甲", 2),
        ("（１）甲", 1),
        ("{编号364(35-11)}：甲", 364),
        ("二十三、甲", 23),
    ],
)
def test_a_number_is_known_in_every_style(text: str, value: int) -> None:
    marker = numbering.marker_at(text, 0, len(text))
    assert marker is not None
    assert marker.value == value


@pytest.mark.parametrize(
    "text", ["3.09万吨", "一、二级保护区", "2025年12月底", "（一期）工程", "815.68万立方米", "问题突出"]
)
def test_figures_and_words_at_a_line_start_are_no_numbers(text: str) -> None:
    assert numbering.marker_at(text, 0, len(text)) is None


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ("整改责任单位", "responsible_units"),
        ("责任主体", "responsible_units"),
        ("牵头部门", "lead_unit"),
        ("验收销号单位", "acceptance_unit"),
        ("整改期限", "deadline"),
        ("整改举措", "measures"),
        ("具体措施", "measures"),
        ("整改落实情况", "progress"),
        ("整改任务完成情况", "progress"),
        ("整改成效", "progress"),
        ("督察反馈问题", "problem"),
        ("责 任 单 位", "responsible_units"),
        ("督导单位", "other"),
        ("水资源", None),
    ],
)
def test_labels_are_known_with_the_beginnings_they_take(words: str, field: str | None) -> None:
    assert labels.field_of(words) == field


def test_a_label_word_inside_a_sentence_is_no_label() -> None:
    text = (
        "整改任务：甲。\n整改措施：\n1.压实各责任单位：县乡村三级联动。\n2.明确整改措施、整改时限和责任单位。"
    )
    item = read_text(text).as_json()["items"][0]
    assert item["responsible_units"] == []
    assert [measure["text"] for measure in item["measures"]] == [
        "压实各责任单位：县乡村三级联动。",
        "明确整改措施、整改时限和责任单位。",
    ]


def test_a_label_without_a_column_of_its_own_is_left_over_with_its_text() -> None:
    text = "一、灌区超采。\n责任单位：县水利局\n督导单位：市水利局\n整改措施：（一）关井。（二）置换水源。"
    document = read_text(text)
    assert document.items[0].acceptance_unit is None
    assert "市水利局" in [rest.text for rest in document.left_over]
    assert len(document.items[0].measures) == 2


def test_results_go_to_the_measures_with_their_numbers() -> None:
    text = "整改任务：甲。\n整改措施：\n1.关井。\n2.装表。\n3.巡查。\n完成情况：\n总体进展顺利。\n1.关井12眼。\n3.巡查30次。"
    item = read_text(text).items[0]
    assert [m.progress.value if m.progress else None for m in item.measures] == [
        "关井12眼。",
        None,
        "巡查30次。",
    ]
    assert [one.value for one in item.progress] == ["总体进展顺利。"]
    assert item.measures[0].progress is not None
    assert item.measures[0].progress.doubt


def test_results_by_area_are_kept_apart() -> None:
    text = (
        "整改任务：甲。\n整改措施：\n1.关井。\n完成情况：\n整改措施1完成情况：关井33眼。\n"
        "东河市整改完成情况：关井21眼。\n西山盟整改完成情况（北旗）：关井12眼。"
    )
    item = read_text(text).as_json()["items"][0]
    assert item["measures"][0]["progress"] == "关井33眼。"
    assert item["areas"] == [
        {"name": "东河市", "text": "关井21眼。"},
        {"name": "西山盟（北旗）", "text": "关井12眼。"},
    ]


def test_tasks_without_labels_among_labelled_ones_are_tasks_too() -> None:
    text = (
        "（一）甲问题突出。\n（二）乙问题突出。\n整改进展情况：已完成整改。\n1.装表。\n（三）丙问题突出。\n"
        "（四）丁问题突出。\n整改进展情况：正在整改。\n1.关井。\n（五）戊问题突出。\n二、其他工作。"
    )
    document = read_text(text)
    assert [item.number.value for item in document.items if item.number] == [
        "（一）",
        "（二）",
        "（三）",
        "（四）",
        "（五）",
    ]
    assert [item.status_text.value if item.status_text else None for item in document.items] == [
        None,
        "已完成整改",
        None,
        "正在整改",
        None,
    ]
    assert [rest.text for rest in document.left_over] == ["二、其他工作。"]


def test_a_date_under_the_title_is_no_signature() -> None:
    text = (
        "关于整改情况的公示\n（2025年9月4日）\n整改任务：甲。\n整改措施：一是关井。\n完成情况：已关井12眼。"
    )
    document = read_text(text).as_json()
    assert document["document"]["issued_on"] == "2025-09-04"
    assert document["items"][0]["progress"] == ["已关井12眼。"]
