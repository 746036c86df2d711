"""The places of the desk and of group 报表; each page is imported when it is first visited."""
# ruff: noqa: PLC0415 - the hidden imports of this module are for start-up time

from __future__ import annotations

from typing import Final

from ledger_app.ui.places import Page, PageContext, Place


def _desk(context: PageContext) -> Page:
    from ledger_app.ui.pages.desk import DeskPage

    return DeskPage(context)


def _reports(context: PageContext) -> Page:
    from ledger_app.ui.pages.reports import ReportsPage

    return ReportsPage(context)


def _charts(context: PageContext) -> Page:
    from ledger_app.ui.pages.charts import ChartsPage

    return ChartsPage(context)


PLACES: Final = (
    Place(
        "desk",
        "工作台",
        "",
        "desk",
        _desk,
        "这里说哪些事到期、哪些地方对不上；每个数、每根柱子、每件事点开都是它背后的记录。",
    ),
    Place(
        "reports",
        "报表",
        "报表",
        "report",
        _reports,
        "选报表和月份，先看版面，再存、打印、发出；定稿以后这个月的数就固定下来。",
    ),
    Place(
        "charts",
        "图表",
        "报表",
        "chart",
        _charts,
        "选一张图、一个时段、一个乡镇；点一根柱子打开它背后的记录。",
    ),
)
