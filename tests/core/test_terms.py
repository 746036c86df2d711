"""Words of closed lists: synonyms are the same, ambiguous ones ask, a denied one is never suggested."""

from __future__ import annotations

import pytest

from ledger_app.core import terms
from ledger_app.core.terms import Vocabulary


@pytest.mark.parametrize(
    ("vocabulary", "word", "value"),
    [
        (terms.WELL_STATUS, "运行正常", "在用"),
        (terms.WELL_STATUS, "已停用", "停用"),
        (terms.USE, "农业灌溉用水", "农业灌溉"),
        (terms.METERING, "智能ＩＣ卡水表", "IC卡"),
        (terms.CLOSURE_METHOD, "转为监测井", "改监测井"),
        (terms.CLOSURE_REASON, "地表水置换", "水源置换"),
        (terms.PROJECT_KIND, "中型灌区节水改造", "续建配套"),
        (terms.PERMIT_STATUS, "已到期", "已到期未延续"),
        (terms.SOURCE, "黄河水", "地表水"),
    ],
)
def test_what_offices_write_is_the_word_of_the_list(vocabulary: Vocabulary, word: str, value: str) -> None:
    reading = vocabulary.read(word)
    assert (reading.value, reading.problem) == (value, None)


@pytest.mark.parametrize("word", ["封停", "已封停", "关闭", "已关停", "已封", "封闭"])
@pytest.mark.parametrize("vocabulary", [terms.WELL_STATUS, terms.CLOSURE_METHOD])
def test_a_word_for_several_states_asks_which(vocabulary: Vocabulary, word: str) -> None:
    reading = vocabulary.read(word)
    assert reading.value is None
    assert reading.problem is not None
    assert reading.problem.code == "status_ambiguous"


@pytest.mark.parametrize("word", ["未启用", "未投入使用", "不正常"])
def test_a_denied_word_is_not_suggested(word: str) -> None:
    reading = terms.WELL_STATUS.read(word)
    assert reading.value is None
    assert reading.problem is not None
    assert reading.problem.suggestion is None


def test_no_word_stands_for_two_values() -> None:
    lists = [v for v in vars(terms).values() if isinstance(v, Vocabulary)]
    assert len(lists) > 10
    for each in lists:
        words = [terms.fold(w) for value, more in each.words.items() for w in {value, *more}]
        assert len(words) == len(set(words)), each.name
