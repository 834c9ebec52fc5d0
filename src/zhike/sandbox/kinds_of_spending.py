"""What people buy: merchant class, price, hour, place, and how shops of the kind are called."""

from dataclasses import dataclass
from typing import Literal

Hours = Literal["meals", "day", "evening", "always"]
Rhythm = Literal["daily", "online", "travel", "feast"]


@dataclass(frozen=True)
class Spending:
    """One kind of spending: share of all purchases, median price in yuan and spread of its logarithm."""

    name: str
    mcc: str
    share: float
    price: float
    spread: float
    hours: Hours
    rhythm: Rhythm
    online: float
    shops: tuple[str, ...]


SPENDING = (
    Spending("grocery", "5411", 17.0, 68, 0.75, "day", "feast", 0.10, ("超市", "生鲜店", "便民超市", "粮油店")),
    Spending("convenience", "5499", 15.0, 19, 0.60, "always", "daily", 0.00, ("便利店", "烟酒店", "水果店")),
    Spending("dining", "5812", 15.0, 96, 0.80, "meals", "feast", 0.00, ("火锅店", "小馆", "酒楼", "面馆", "烤鱼店")),
    Spending("delivery", "5814", 12.0, 31, 0.45, "meals", "daily", 1.00, ("外卖平台", "快餐", "茶饮")),
    Spending("online", "5311", 12.8, 105, 1.00, "evening", "online", 1.00, ("商城", "优选", "网上超市", "严选")),
    Spending("clothing", "5651", 3.6, 240, 0.75, "day", "online", 0.40, ("服饰", "鞋店", "童装店")),
    Spending("fuel", "5541", 3.4, 290, 0.35, "day", "travel", 0.00, ("加油站", "充电站")),
    Spending("transport", "4111", 7.5, 14, 0.70, "day", "daily", 0.60, ("公交集团", "地铁", "出行")),
    Spending("telecom", "4814", 2.6, 72, 0.45, "always", "daily", 1.00, ("通信", "宽带")),
    Spending("utilities", "4900", 1.6, 150, 0.60, "day", "daily", 1.00, ("供电公司", "燃气", "自来水公司")),
    Spending("pharmacy", "5912", 2.2, 74, 0.75, "day", "daily", 0.15, ("大药房", "药店")),
    Spending("medical", "8062", 0.90, 420, 1.00, "day", "daily", 0.00, ("人民医院", "口腔医院", "体检中心")),
    Spending("leisure", "7832", 2.0, 78, 0.60, "evening", "feast", 0.40, ("影城", "健身馆", "乐园", "剧本馆")),
    Spending("school", "8299", 0.50, 1450, 0.90, "day", "daily", 0.40, ("培训中心", "艺术学校", "驾校")),
    Spending("hotel", "7011", 0.55, 430, 0.60, "evening", "travel", 0.50, ("酒店", "宾馆", "民宿")),
    Spending("airline", "4511", 0.28, 1150, 0.55, "always", "travel", 1.00, ("航空", "机票")),
    Spending("electronics", "5732", 0.45, 2900, 0.75, "day", "online", 0.52, ("数码", "电器城", "手机店")),
    Spending("furniture", "5712", 0.16, 4200, 0.80, "day", "feast", 0.20, ("家居", "建材城")),
    Spending("jewellery", "5944", 0.09, 4600, 0.80, "day", "feast", 0.10, ("珠宝", "金店")),
    Spending("car_repair", "7538", 0.35, 900, 0.80, "day", "daily", 0.00, ("汽修厂", "汽车服务")),
    Spending("wholesale", "5099", 0.22, 3800, 0.80, "day", "daily", 0.10, ("批发部", "商贸行")),
    Spending("insurance", "6300", 0.16, 2300, 0.70, "day", "daily", 1.00, ("保险",)),
    Spending("agency", "7399", 0.03, 680, 0.90, "day", "daily", 0.30, ("商务服务", "代理服务部", "咨询公司")),
    Spending("property", "6513", 0.03, 1900, 0.70, "day", "daily", 0.20, ("房产经纪", "物业服务")),
)

CASH_MCC = "6011"

# Weights of the hours 0 to 23.
HOURS: dict[Hours, tuple[float, ...]] = {
    "meals": (1, 0.4, 0.1, 0, 0, 0, 1, 4, 4, 2, 4, 12, 14, 7, 3, 3, 4, 10, 16, 14, 9, 6, 4, 2),
    "day": (0.2, 0.1, 0, 0, 0, 0.2, 1, 4, 8, 10, 11, 9, 7, 6, 8, 9, 9, 9, 8, 7, 5, 3, 1, 0.5),
    "evening": (4, 1.5, 0.6, 0.2, 0.1, 0.2, 0.6, 1, 3, 5, 6, 6, 6, 5, 5, 5, 5, 5, 6, 8, 11, 13, 12, 8),
    "always": (1.5, 0.6, 0.4, 0.2, 0.3, 0.6, 2, 6, 7, 6, 5, 6, 7, 5, 5, 5, 6, 8, 8, 8, 8, 7, 5, 3),
}
