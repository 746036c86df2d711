"""The five public notices: every field exact, every value in its place, nothing lost."""

from __future__ import annotations

import random
import re

import pytest

from ledger_app.core.errors import LedgerError
from ledger_app.ingest.documents import read_document, read_text
from tests.ingest.documents.notices import (
    GIVEN,
    INVENTED,
    compact,
    everything,
    gold,
    lost,
    path_of,
    quotes,
    text_of,
    values,
)


@pytest.mark.parametrize("name", GIVEN)
def test_a_given_notice_is_read_exactly(name: str) -> None:
    assert read_document(path_of(name)).as_json() == gold(name)


@pytest.mark.parametrize("name", INVENTED)
def test_a_notice_in_another_layout_is_read_exactly(name: str) -> None:
    assert read_document(path_of(name)).as_json() == gold(name)


@pytest.mark.parametrize("name", GIVEN + INVENTED)
def test_every_letter_of_a_notice_is_a_value_a_label_or_left_over(name: str) -> None:
    assert lost(read_text(text_of(name))) == ""


@pytest.mark.parametrize("name", sorted(quotes()))
def test_every_figure_of_a_notice_can_be_found_in_its_reading(name: str) -> None:
    document = read_text(text_of(name))
    words = everything(document)
    for quote in quotes()[name]:
        # A label, and the words between two dates, are the form and no value.
        parts = [part for part in re.split(r"^.*时[限间]：|至|，共", compact(quote)) if part]
        assert [part for part in parts if part not in words] == []


@pytest.mark.parametrize("name", GIVEN + INVENTED)
def test_a_text_stands_in_the_source_where_its_place_says(name: str) -> None:
    document = read_text(text_of(name))
    texts = [measure.text for item in document.items for measure in item.measures]
    texts += [one for item in document.items for one in [item.problem, item.goal, *item.progress] if one]
    texts += [area.text for item in document.items for area in item.areas]
    assert texts
    for text in texts:
        printed = "".join(document.source_text[place.start : place.end] for place in text.places)
        assert compact(printed).startswith(compact(text.value).rstrip("。；")[:-1])


def test_a_value_that_its_label_announces_is_sure_and_one_read_by_position_is_doubtful() -> None:
    document = read_text("关井压采进度滞后。\n责任单位：县水利局\n整改措施：封填机井12眼。")
    item = document.items[0]
    assert item.problem is not None
    assert item.problem.confidence < 0.8
    assert item.problem.doubt
    assert item.measures[0].text.confidence == 1.0


def test_every_doubtful_value_says_why() -> None:
    for name in GIVEN + INVENTED:
        for value in values(read_text(text_of(name))):
            assert value.doubt or value.confidence >= 0.8


def test_typing_errors_stay_as_printed() -> None:
    text = (
        "整改任务：地下水超来区治理不到位。\n整改措施：\n1.编制《督查整改方按》。\n3.压减2482万m³,按期完成。"
    )
    item = read_text(text).as_json()["items"][0]
    assert item["problem"] == "地下水超来区治理不到位。"
    assert [measure["ordinal"] for measure in item["measures"]] == ["1.", "3."]
    assert item["measures"][1]["text"] == "压减2482万m³,按期完成。"


def test_nothing_is_lost_of_a_text_that_is_torn_and_shuffled() -> None:
    chance = random.Random(11)
    texts = [text_of(name) for name in GIVEN + INVENTED]
    refused = 0
    for _ in range(150):
        text = chance.choice(texts)
        lines = [line for line in text.split("\n") if chance.random() > 0.2]
        if chance.random() < 0.5:
            chance.shuffle(lines)
        torn = "".join(sign + ("\n" if chance.random() < 0.02 else "") for sign in "\n".join(lines))
        try:
            document = read_text(torn)
        except LedgerError:
            refused += 1
            continue
        assert lost(document) == ""
    assert refused < 15
