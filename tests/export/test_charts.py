"""Charts: the figures' data, the house style, the records behind a bar."""

from __future__ import annotations

import io
from decimal import Decimal

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from PIL import Image

from ledger_app.export.chart_marks import BLUE, PALE, lighter, nice_ticks
from ledger_app.export.charts import figure, mark_at, png_bytes, records_at, svg_text
from ledger_app.export.fonts import font_file
from ledger_app.export.report import Band, Chart, ChartKind, Level, Series

TOWNS = ("海流图镇", "乌加河镇", "呼勒斯太苏木")
PLAN = Series("年度任务", (20, 30, 12), "plan")
DONE = Series("累计完成", (12, 33, None), "actual", (("a", "b"), ("c",), ()))


def chart(kind: ChartKind = "bar", **changes: object) -> Chart:
    facts: dict[str, object] = {"note": "说明", "cut_off": "截至9月25日"} | changes
    return Chart(kind, "封停完成情况", "眼", TOWNS, (PLAN, DONE), **facts)  # type: ignore[arg-type]


def texts(made: Figure) -> list[str]:
    inside = [text.get_text() for axes in made.axes for text in axes.texts]
    return [text.get_text() for text in made.texts] + inside


def drawn_line(made: Figure) -> list[float]:
    """The heights of the first line of data (grid lines carry no gid)."""
    line = next(line for line in made.axes[0].lines if line.get_gid())
    heights: list[float] = np.asarray(line.get_ydata(), dtype=float).tolist()
    return heights


def test_bars_are_as_high_as_their_values_and_say_them() -> None:
    made = figure(chart())
    heights = {patch.get_gid(): patch.get_height() for patch in made.axes[0].patches}  # type: ignore[attr-defined]
    assert heights == {"0:0": 20, "0:1": 30, "0:2": 12, "1:0": 12, "1:1": 33, "1:2": 0}
    assert {"20", "30", "33", "—", "年度任务", "累计完成", "单位：眼　截至9月25日", "说明"} <= set(
        texts(made)
    )


def test_the_plan_is_pale_the_actual_strong_and_a_part_of_a_period_lighter_with_its_cut_off() -> None:
    made = figure(chart(part=(1,)))
    colour = {patch.get_gid(): to_hex(patch.get_facecolor()) for patch in made.axes[0].patches}
    assert (colour["0:0"], colour["0:1"], colour["1:0"]) == (PALE, PALE, BLUE)
    assert colour["1:1"] == lighter(BLUE)
    assert "截至9月25日" in texts(made)
    assert "单位：眼" in texts(made)


def test_rates_are_drawn_and_said_in_per_cent() -> None:
    made = figure(
        Chart("line", "完成率", "%", ("1月", "2月"), (Series("率", (Decimal("0.4"), Decimal("0.7713"))),))
    )
    assert drawn_line(made) == pytest.approx([40, 77.13])
    assert "率 77" in texts(made)


def test_depth_to_water_is_drawn_downward_with_its_control_level_and_band() -> None:
    deep = Chart(
        "line",
        "埋深",
        "m",
        ("1季", "2季", "3季"),
        (Series("一区", (Decimal("25.1"), None, Decimal("27.9"))),),
        places=2,
        downward=True,
        levels=(Level("管控水位", Decimal("27.5")),),
        bands=(Band("黄牌期", 1, 2),),
    )
    made = figure(deep)
    low, high = made.axes[0].get_ylim()
    assert low > 27.9
    assert high < 25.1
    assert {"管控水位 27.50", "黄牌期", "一区 27.90"} <= set(texts(made))


def test_stacks_stand_on_each_other_and_say_their_total() -> None:
    made = figure(chart("stacked"))
    bottoms = {patch.get_gid(): patch.get_y() for patch in made.axes[0].patches}  # type: ignore[attr-defined]
    assert (bottoms["0:0"], bottoms["1:0"]) == (0, 20)
    assert {"32", "63"} <= set(texts(made))


@pytest.mark.parametrize("kind", ["bar", "stacked", "line", "barh"])
def test_no_data_is_said_in_words(kind: ChartKind) -> None:
    empty = Chart(kind, "空", "眼", ("一", "二"), (Series("井", (None, None)),))
    assert "这一期没有数据" in texts(figure(empty))
    assert "这一期没有数据" in texts(figure(Chart(kind, "空", "眼", (), ())))


@pytest.mark.parametrize("kind", ["bar", "stacked", "line", "barh"])
def test_every_text_uses_a_bundled_font(kind: ChartKind) -> None:
    made = figure(chart(kind))
    bundled = {str(font_file("sans")), str(font_file("sans_bold"))}
    files = {text.get_fontproperties().get_file() for text in [*made.texts, *made.axes[0].texts]}
    assert files <= bundled


def test_a_click_on_a_bar_finds_its_records() -> None:
    made = figure(chart("barh"))
    FigureCanvasAgg(made).draw()  # type: ignore[no-untyped-call]
    axes = made.axes[0]
    x, y = axes.transData.transform((6, 0.2))
    assert mark_at(made, x, y) == (1, 0)
    assert records_at(chart("barh"), (1, 0)) == ("a", "b")
    assert records_at(chart("barh"), (0, 0)) == ()
    assert mark_at(made, 1, 1) is None


def test_a_click_on_a_point_finds_its_series_and_category() -> None:
    made = figure(chart("line"))
    FigureCanvasAgg(made).draw()  # type: ignore[no-untyped-call]
    x, y = made.axes[0].transData.transform((1, 33))
    assert mark_at(made, x + 3, y - 2) == (1, 1)


def test_the_same_chart_gives_the_same_bytes() -> None:
    assert png_bytes(chart()) == png_bytes(chart())
    assert svg_text(chart()) == svg_text(chart())
    assert "<dc:date>" not in svg_text(chart())


def test_a_png_has_the_size_and_resolution_asked_for() -> None:
    image = Image.open(io.BytesIO(png_bytes(chart(), (6, 3), 100)))
    assert image.size == (600, 300)


def test_long_names_fold_between_words_and_many_categories_are_thinned() -> None:
    quarters = tuple(f"{year}年{quarter}季" for year in (2023, 2024, 2025) for quarter in (1, 2, 3, 4))
    made = figure(Chart("line", "埋深", "m", quarters, (Series("一区", tuple(range(12))),)))
    assert "2023年\n1季" in texts(made)
    years = tuple(str(year) for year in range(1970, 2026))
    crowded = texts(figure(Chart("bar", "成井", "眼", years, (Series("井", tuple(range(56))),))))
    assert "1970" in crowded
    assert "1971" not in crowded


def test_dollar_signs_and_missing_characters_do_no_harm() -> None:
    odd = Chart(
        "bar", "井$_x$", "眼", ("\U0001f600村", "−1"), (Series("甲$a$", (1, 2)), Series("乙", (1, 2)))
    )
    made = figure(odd)
    FigureCanvasAgg(made).draw()  # type: ignore[no-untyped-call]
    assert {"井$_x$", "〓村", "-1"} <= set(texts(made))


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [(0, 9, [0, 2, 4, 6, 8, 10]), (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]), (-3, 3, [-4, -2, 0, 2, 4])],
)
def test_ticks_are_round_numbers(low: float, high: float, ticks: list[float]) -> None:
    assert nice_ticks(low, high) == ticks
