"""Status words: 已完成整改，长期坚持 · 达到序时进度 · 已完成现阶段整改 — what they are made of and what they claim."""

from __future__ import annotations

import re

# What a status is put together from. A phrase is a status when these words make up the whole of it.
_OPENERS = (
    "已经 已 正在 正 尚未 未 基本 全部 达到 持续 长期 按 按照 按期 按时 立行立改 立知立改 即知即改 整改 完成 需 待 拟 "
    "暂未 暂 扎实 加快 稳步 有序 超过 超 初步 阶段性 启动 落实 通过 销号 验收 办结 推进 实施 滞后 进行 常态化 达 达到了 "
    "未达到 未达 未完成 未到 申请 履行 自查"
)
_MIDDLE = (
    "任务 工作 问题 措施 方案 目标 要求 进度 序时 序时进度 时序进度 时序 现阶段 当前阶段 本阶段 阶段 年度 阶段性目标 "
    "坚持 巩固 提升 整改到位 到位 中 并 且 和 的 地 均 也 了 成效 明显 取得 符合 继续 稳定 期 常抓不懈 保持 申请 上报 "
    "备案 各项 本年度 当年 落地 显著 整治 治理 有效 推动 加强 监管 长效 机制 建立 动态 调整 清零 整改完成 总体 完毕 时限 程序 度 "
    "自查 盟市 旗县 县级 市级 自治区 自治区级 省级 区级 问题整改 群众 满意 之中 当中 具备 条件 待"
)
_WORDS = frozenset((_OPENERS + " " + _MIDDLE).split())
_STARTS = frozenset(_OPENERS.split())
_CORE = (
    "完成",
    "整改",
    "坚持",
    "进度",
    "验收",
    "销号",
    "启动",
    "推进",
    "落实",
    "立改",
    "办结",
    "到位",
    "滞后",
)
_LONGEST = max(map(len, _WORDS))
_DATE = re.compile(r"(?:于|在|截至)?(?:20\d\d年)?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:上旬|中旬|下旬|底|末)?前?")
_CLAUSE = re.compile(r"[，,、；;/／和及（）()]|并(?=长期|持续)")
_SUBJECT = re.compile(
    r"(?:目前|截至目前|现)?[，,]?(?:该|此|本|以上|上述)?(?:项|条)?(?:反馈)?(?:整改)?(?:问题|任务|整改任务|事项|工作)?(?:目前|现)?"
)
_SENTENCE = re.compile(r"[^。；;：:\n]{2,40}")
_DONE = re.compile(
    r"(?:已经|已|全部|均|现)(?:于.{0,12})?(?:全部|全面|按期|按时|如期|整体)?(?:完成|整改|办结|销号|验收|通过|落实|解决)|整改(?:已|全部)?(?:完成|到位)|^完成"
)
_NOT_YET = re.compile(r"阶段|基本|正在|正|未|年度|部分|初步|序时|待|拟|推进|大部|持续整改|需|中$|启动")


def is_status(text: str) -> bool:
    """Whether the text is status words and nothing else."""
    clauses = [clause for clause in _CLAUSE.split(text.rstrip("。；;")) if clause]
    return bool(clauses) and len(text) <= 48 and all(map(_made_of_words, clauses)) and _has_core(text)


def _has_core(text: str) -> bool:
    return any(word in text for word in _CORE)


def _made_of_words(text: str) -> bool:
    """Whether words of the table, and dates, cover the clause without a gap."""
    reached = [True] + [False] * len(text)
    for start in range(len(text)):
        if not reached[start]:
            continue
        for length in range(1, min(_LONGEST, len(text) - start) + 1):
            if text[start : start + length] in _WORDS:
                reached[start + length] = True
        date = _DATE.match(text, start)
        if date is not None and date.end() > start:
            reached[date.end()] = True
    return reached[-1]


def leading(text: str) -> int:
    """How many characters at the start of a report are its status sentence (with its full stop), 0 if none."""
    found = _SENTENCE.match(text)
    if found is None or not is_status(found.group()):
        return 0
    end = found.end()
    return end + 1 if text[end : end + 1] in ("。", "；", ";") else (end if end == len(text) else 0)


def claim_in(text: str) -> tuple[int, int] | None:
    """The status words of a first sentence such as 该问题已完成整改。 with nothing but its subject before them."""
    subject = _SUBJECT.match(text)
    start = subject.end() if subject else 0
    found = _SENTENCE.match(text, start)
    if found is None or text[found.end() : found.end() + 1] not in ("。", "") or not is_status(found.group()):
        return None
    return found.span()


def claimed(clause: str) -> tuple[int, int] | None:
    """The status words at the end of a clause: (整改任务)已完成现阶段整改."""
    for start in range(max(0, len(clause) - 24), len(clause) - 2):
        opener = any(
            clause.startswith(word, start)
            for word in ("已", "正在", "尚未", "基本", "全部", "达到", "整改已")
        )
        if opener and is_status(clause[start:]):
            return start, len(clause)
    return None


def is_done(text: str) -> bool | None:
    """True for 已完成整改 and its like, None for 已完成现阶段整改 and whatever claims less."""
    if _NOT_YET.search(text.replace("长期坚持", "").replace("持续", "")) or not _DONE.search(text):
        return None
    return True
