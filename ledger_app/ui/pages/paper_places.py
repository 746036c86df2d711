"""The places where official papers come in and go out: documents read, superiors' forms filled."""
# ruff: noqa: PLC0415 - the hidden imports of this module are for start-up time

from __future__ import annotations

from typing import Final

from ledger_app.ui.places import Page, PageContext, Place


def _reading(context: PageContext) -> Page:
    from ledger_app.ui.pages.reading import ReadingPage

    return ReadingPage(context)


def _filling(context: PageContext) -> Page:
    from ledger_app.ui.pages.filling import FillingPage

    return FillingPage(context)


PLACES: Final = (
    Place(
        "read",
        "读公文",
        "整改",
        "document",
        _reading,
        "把整改方案、公示、完成情况表读成整改任务：左边是原文，右边是读到的，改好了再存。",
    ),
    Place(
        "fill",
        "填上级表格",
        "报表",
        "form",
        _filling,
        "上级发来的表格拖进来，按台账逐行填好；格式不动，原表不改，下次自动照样填。",
    ),
)
