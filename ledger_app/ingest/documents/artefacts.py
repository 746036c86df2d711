"""What a page adds to a text: bookmarks, page numbers, running heads, newspaper and web page lines."""

from __future__ import annotations

import re

# Inside a line: marks that converters leave behind.
_INLINE = re.compile(r"\[bookmark:[^\]\n]{0,80}\]|\{\s*(?:PAGE|NUMPAGES|HYPERLINK)[^}\n]{0,80}\}|\[图片\]")

_DATE = r"\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日"
# A line that is nothing else. One row a kind of line.
_LINES = re.compile(
    "|".join(
        (
            r"\d{1,4}|[０-９]{1,4}",  # page number
            r"[-—–－―·•]+\s*\d{1,4}\s*[-—–－―·•]+",  # — 3 —
            r"第\s*\d{1,4}\s*页(?:\s*[,，/／]?\s*共\s*\d{1,4}\s*页)?|\d{1,4}\s*[/／]\s*\d{1,4}|共\s*\d{1,4}\s*页",
            r"[Pp]age\s*\d{1,4}(?:\s*of\s*\d{1,4})?",
            r"[（(【]?\s*(?:上接|下转|紧接|转接|转|接)\s*第?\s*[A-Za-z]?[一二三四五六七八九十\d]{1,3}\s*版\s*[）)】]?",
            r"第?\s*[A-Za-z]?[一二三四五六七八九十\d]{1,3}\s*版(?:\s.{0,8})?|\d{1,2}\s*(?:要闻|综合|公告|公示|专版|新闻|时政|广告)",
            r"[\u4e00-\u9fa5\s]{2,12}(?:日报|晚报|早报|晨报|时报|都市报|党报)(?:\s.{0,24})?",
            rf"{_DATE}\s*(?:/\s*)?(?:星期|周|礼拜)[一二三四五六日天].{{0,16}}|(?:星期|周)[一二三四五六日天]",
            r"(?:本版|本期)?(?:责任编辑|责编|值班编辑|编\s?辑|美\s?编|版式|排版|组版|校\s?对|照排|审读|值班主任|制图|策划|编审|总值班)[\s：:／/|]+[^。；，]{0,40}",
            r"(?:农历.{2,14}|[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年.{2,10})",
            r"\d{4}\.\d{1,2}\.\d{1,2}\s*(?:星期|周)[一二三四五六日天].{0,12}|[A-Z][A-Z ]{5,40}",
            r"(?:新闻|读者|广告|投稿|发行|订阅)热线\s*[：:].{0,60}|社址\s*[：:].{0,80}",
            r"(?:国内统一)?(?:连续出版物号|刊号)\s*[：:]?.{0,40}|[Ee]-?mail\s*[：:].{0,60}",
            r"(?:https?://|www\.)\S+",
            r"【?(?:打印|关闭|收藏|分享|返回顶部|打印本页|关闭窗口)】?(?:\s*【?(?:打印|关闭|收藏|分享)】?)*",
            r"[【\[]?\s*(?:字体|字号)\s*[：:].{0,24}|分享(?:到|至)?\s*[：:].{0,24}|扫一扫.{0,24}",
            r"(?:上一篇|下一篇|当前位置|您的位置|您当前的位置|浏览次数|点击数|阅读次数|访问量)\s*[：:].{0,80}",
            r"(?:发布时间|发布日期|信息来源|来源|文章来源|作者)\s*[：:].{0,80}浏览次数.{0,20}",
            r"首页\s*[>»/].{0,60}",
            r"[-—_=*·•\s]{3,}",
        )
    )
)

# How another article, an advertisement or the end of a page begins.
FOREIGN = re.compile(
    r"[（(【]?(?:上接|下转|紧接|转接)第?[A-Za-z]?[一二三四五六七八九十\d]{1,3}版|本报讯|本报记者|新华社|据新华社|中新社|"
    r"[（(]?(?:本报)?记者[：:\s]|遗失声明|声明[：:]|广告[：:]|公告$|（完）|版权所有|主办单位[：:]|"
    r"责任编辑|网站标识码|.{0,10}ICP备|扫一扫"
)

# Marks that open an article on a newspaper page; elsewhere they are bullets of a list.
SQUARE = re.compile(r"[□■◎●★▲▼◆◇]")

# How the closing part of a notice begins.
CLOSING = re.compile(
    r"以上(?:整改|情况|任务|问题|内容|公示)|现(?:将|予以).{0,40}(?:公示|公开)|特此(?:公示|公告|通知|说明|报告)|如(?:有|对|存在|持)"
    r"|公示(?:期|时间|日期|起止)|联系(?:电话|人|地址|方式)|监督电话|举报电话|附\s?[件表]|附[：:]|注[：:]|邮寄地址|通讯地址|受理(?:部门|单位|电话)"
    r"|[\u4e00-\u9fa5]{0,12}(?:电话|传真)(?:[（(].{0,6}[）)])?[：:]?[（(]?\d"
    r"|欢迎.{0,20}监督|在公示期|任何单位和个人|公示期"
)


def inline(text: str) -> list[tuple[int, int]]:
    """The ranges inside one line that a converter added."""
    return [found.span() for found in _INLINE.finditer(text)]


def is_artefact(line: str) -> bool:
    """Whether a whole line (without its blanks at both ends) belongs to the page, not to the text."""
    return len(line) <= 120 and _LINES.fullmatch(line) is not None
