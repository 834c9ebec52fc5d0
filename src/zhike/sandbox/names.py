"""Names of people: common surnames and given names, and a few that break careless systems.

Nobody is meant: every full name is a surname and a given name drawn apart.
"""

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox.dice import Rolls, quantiles

_SURNAMES_TEXT = (
    "王 李 张 刘 陈 杨 黄 赵 吴 周 徐 孙 马 朱 胡 郭 何 高 林 罗 郑 梁 谢 宋 唐 许 韩 冯 邓 曹 彭 曾 肖 田 董 "
    "袁 潘 于 蒋 蔡 "
    "余 杜 叶 程 苏 魏 吕 丁 任 沈 姚 卢 姜 崔 钟 谭 陆 汪 范 金 石 廖 贾 夏 韦 付 方 白 邹 孟 熊 秦 邱 江 尹 "
    "薛 闫 段 雷 侯 "
    "欧阳 上官 司马 诸葛 尉迟"
)
_FEMALE_TEXT = (
    "芳 娜 敏 静 丽 燕 艳 玲 婷 雪 倩 颖 洁 梅 莉 萍 霞 红 秀英 桂英 玉兰 秀兰 淑珍 晓燕 雅琪 诗涵 欣怡 梓涵 "
    "雨桐 若曦 思琪 佳怡 梦瑶 "
    "可欣 文静 海燕 建华 春梅 小红 丽娟 美玲 慧敏 嘉仪 静怡 晓彤 紫萱 语嫣 婉清 一诺 安琪"
)
_MALE_TEXT = (
    "伟 强 磊 军 勇 杰 涛 明 超 刚 平 辉 鹏 华 飞 鑫 波 斌 宇 浩 建国 建军 志强 国强 海涛 俊杰 浩然 子轩 宇航 "
    "梓豪 博文 天佑 "
    "志远 家豪 文博 晓东 立新 永强 德华 光明 思远 嘉豪 逸飞 泽宇 奕辰 明轩 承志 少杰 云峰 一鸣"
)
_SURNAMES, _GIVEN_FEMALE, _GIVEN_MALE = (text.split() for text in (_SURNAMES_TEXT, _FEMALE_TEXT, _MALE_TEXT))
DOUBLE_SURNAMES = tuple(surname for surname in _SURNAMES if len(surname) == 2)
# Full names of their own: very long ones, one in letters, and characters that GB18030 writes in four bytes.
_UNUSUAL = (
    "阿卜杜热合曼·买买提艾力", "努尔古丽·阿不都克里木", "扎西多吉次仁", "乌兰图雅", "㛃玉", "𠮷田淑芬", "张㐂",
    "SMITH JOHN", "O'NEILL MARY",
)  # fmt: skip
# Core banking writes these with a comma, the card system without.
_IN_CORE = {"SMITH JOHN": "SMITH, JOHN", "O'NEILL MARY": "O'NEILL, MARY"}
_UNUSUAL_CHANCE = 0.004


def full_names() -> list[str]:
    """Every full name there is; people hold positions in this list."""
    given = _GIVEN_FEMALE + _GIVEN_MALE
    return [surname + name for surname in _SURNAMES for name in given] + list(_UNUSUAL)


def full_names_in_core() -> list[str]:
    """The same positions as core banking spells them."""
    return [_IN_CORE.get(name, name) for name in full_names()]


def draw(rolls: Rolls, female: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Positions in `full_names`; common surnames are more frequent."""
    common = quantiles([1 / (rank + 6) for rank in range(len(_SURNAMES))])
    surname = rolls.drawn("surname", common)
    given = rolls.below("given name", np.where(female, len(_GIVEN_FEMALE), len(_GIVEN_MALE)))
    each = len(_GIVEN_FEMALE) + len(_GIVEN_MALE)
    name = surname * each + np.where(female, 0, len(_GIVEN_FEMALE)) + given
    unusual = len(_SURNAMES) * each + rolls.below("unusual name", len(_UNUSUAL))
    return np.where(rolls.happens("unusual", _UNUSUAL_CHANCE), unusual, name).astype(np.int32)
