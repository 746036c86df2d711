"""Words the demo county is made of: invented places and people, ordinary crops, pumps and firms."""

from __future__ import annotations

from typing import Final


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


TOWNS: Final = _words(
    "向阳镇 白音花苏木 德胜镇 沙日塔拉苏木 新井镇 查干淖尔镇 乌兰哈达苏木 东河头镇 宝力格苏木 西滩镇"
    " 双泉镇 额尔敦苏木 永安堡镇 那仁苏木 金沟镇 呼和塔拉苏木 南梁镇 巴雅尔苏木"
)
VILLAGE_HEADS: Final = _words(
    "大圣 永胜 东升 红星 丰产 新民 五星 团结 光明 前进 联合 复兴 和平 长胜 兴旺 太平 福兴 广丰 建设 民主"
    " 友谊 胜利 万和 天义 安乐 三合 四义 双河 石头 柳林 杨树 沙井 甜水 北圪 南圪 西梁 东滩 头道 二道 三道"
)
GACHA_HEADS: Final = _words(
    "乌兰 巴彦 查干 哈达 宝力格 敖包 塔拉 那仁 呼热 沙日 希热 阿木 布拉格 图古日 格日勒 赛音 朝鲁 额尔敦"
    " 哈布 乌日根 毕力 浩雅 准乌 巴润 道日 吉雅 海勒 敦达 伊和 巴嘎"
)
SURNAMES: Final = _words(
    "王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 郭 何 高 林 罗 郑 梁 谢 宋 唐 韩 冯 董 白 包"
)
GIVEN: Final = _words(
    "建国 秀英 志强 桂兰 玉梅 海龙 永福 占山 春梅 文斌 俊生 二虎 巧云 满仓 宝柱 瑞霞 晓东 国庆 长青 喜顺"
    " 巴特尔 其其格 苏和 娜仁 乌云 布和 哈斯 朝格图"
)
FIRMS: Final = _words("绿源 恒丰 金泰 鑫达 宏远 天和 蒙源 草原 兴泰 华能 北辰 瑞丰 通达 长河 昌盛 广源")
FIRM_KINDS: Final = (
    ("农牧业开发有限责任公司", "种植业", "农业灌溉"),
    ("食品有限公司", "农副食品加工", "工业"),
    ("矿业有限责任公司", "采矿业", "工业"),
    ("牧业有限公司", "畜牧业", "畜牧养殖"),
    ("化工有限公司", "化学原料制造", "工业"),
)
CROPS: Final = ("玉米", "向日葵", "小麦", "青贮玉米", "马铃薯", "番茄", "苜蓿", "西甜瓜")
PUMPS: Final = ("200QJ50-52", "200QJ32-65", "175QJ32-48", "250QJ80-60", "200QJ63-48", "175QJ20-78")
TRANSFORMERS: Final = ("一社台区", "二社台区", "三社台区", "村南台区", "村北台区", "村东台区")
PLACES: Final = (
    "村东",
    "村西",
    "村南",
    "村北",
    "大渠东",
    "大渠西",
    "公路南",
    "公路北",
    "林带东",
    "滩地",
    "坡上",
    "老场院",
)
COMPANY: Final = "供水有限责任公司"
BUILDERS: Final = ("水利局项目办", "农牧局", "水利水电工程有限公司", "节水灌溉服务中心")
CONTRACTORS: Final = ("宏源凿井工程队", "兴水机井维修队", "鑫源水利工程有限公司")
CHIEFS: Final = ("巴特尔", "李建平", "王志远", "赵国庆")
