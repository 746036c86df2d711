"""Why a file cannot be taken in: one code and one sentence for the clerk each."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ledger_app.core.errors import LedgerError

_SAVE_AGAIN: Final = "请用 Excel 或 WPS 打开它，另存为 xlsx 后再试。"

SENTENCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "cannot_open": "文件打不开：可能已被移走、没有权限，或正被别的程序占用。请检查后再试。",
        "empty_file": "这个文件是空的，里面什么也没有。可能没有存好或没有传完，请重新取一份。",
        "damaged_file": "文件不完整或已损坏，读不了。可能没有传完，请让对方重新发一份。",
        "not_a_workbook": "这不是电子表格。请选 Excel、WPS 表格或 csv 文件。",
        "other_document": "这是{what}，不是电子表格。请选 Excel、WPS 表格或 csv 文件。",
        "old_format": "这是很老的表格格式，读不了。" + _SAVE_AGAIN,
        "encrypted": "这个文件好像设了打开密码，读不了。请在 Excel 或 WPS 里取消密码，保存后再试。",
        "xml_entity": "文件里夹带了正常表格不会有的外部引用，为安全起见没有读。" + _SAVE_AGAIN,
        "too_large": "文件太大（超过 {limit} MB），没有读。请把表拆成几个文件，分批导入。",
        "too_large_when_unpacked": "文件展开后太大，会拖垮电脑，没有读。请只留下要导入的表，另存后再试。",
        "too_many_cells": (
            "工作表“{sheet}”一直排到第 {row} 行、{column} 列，太大了，没有读。"
            "如果那里只是不小心留下的内容，请删掉，保存后再试；确有这么多，请分成几个文件。"
        ),
        "formula_without_value": "表里的公式没有存下计算结果。请先用 Excel 或 WPS 打开，另存后再导入。",
        "unknown_encoding": "这个文本文件的编码认不出来，强行读会成乱码。" + _SAVE_AGAIN,
        "parser_failed": "这个文件读到一半出了错，没有读成。" + _SAVE_AGAIN,
        "out_of_memory": (
            "读这个文件要用的内存太多，没有读成。" + _SAVE_AGAIN + "内容确实很多的，请分成几个文件。"
        ),
        "too_slow": "这个文件读了太久还没读完，已经停下。请只留下要导入的表，另存为 xlsx 后再试。",
    }
)
# Several sentences stand for one code: what differs is only how the clerk is told.
_CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "other_document": "not_a_workbook",
        "old_format": "not_a_workbook",
        "too_many_cells": "too_large_when_unpacked",
        "out_of_memory": "too_large_when_unpacked",
        "parser_failed": "damaged_file",
    }
)


def refusal(reason: str, **places: object) -> LedgerError:
    """The error to raise for one of the reasons above."""
    return LedgerError(SENTENCES[reason].format(**places), _CODES.get(reason, reason))
