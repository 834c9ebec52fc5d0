"""Shops: local ones per city and kind of spending, national online ones, foreign ones, and cash machines."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox.kinds_of_spending import CASH_MCC, SPENDING
from zhike.sandbox.parameters import Parameters
from zhike.sandbox.places import CITIES, DISTRICTS

Column = NDArray[np.int32]

ONLINE_SHOPS, FOREIGN_SHOPS = 24, 10
WALLET_NAMES = ("财付通-", "支付宝-", "云闪付-", "手机支付-")
_BRANDS = (
    "老街坊", "金穗", "福满", "四季春", "新天地", "佳和", "德顺", "永兴", "百汇", "乐家",
    "云岭", "江南", "小城故事", "鼎盛", "同心", "阳光", "鸿运", "万家", "一品", "天天",
    "优选", "聚源", "海棠", "青禾", "大众", "宏达", "悦来", "瑞祥", "好邻居", "西域",
)  # fmt: skip


@dataclass(frozen=True)
class Country:
    """A country people travel to; ``yuan`` is the price of one unit of its money, ``digits`` its minor digits."""

    code: str
    currency: str
    yuan: float
    digits: int
    weight: float
    shop: str


COUNTRIES = (
    Country("HK", "HKD", 0.91, 2, 26, "HARBOUR STORE"),
    Country("JP", "JPY", 0.048, 0, 24, "SAKURA SHOTEN"),
    Country("TH", "THB", 0.21, 2, 14, "SIAM MARKET"),
    Country("KR", "KRW", 0.0052, 0, 9, "HANGANG MART"),
    Country("SG", "SGD", 5.4, 2, 8, "MERLION SHOP"),
    Country("US", "USD", 7.1, 2, 9, "MAIN STREET DELI"),
    Country("FR", "EUR", 7.9, 2, 6, "BOUTIQUE RIVIERE"),
    Country("GB", "GBP", 9.3, 2, 4, "HIGH STREET GOODS"),
)


@dataclass(frozen=True)
class Merchants:
    """All shops in one list: local by (city, kind), online by kind, foreign by country, cash machines by city."""

    names: list[str]
    mcc: list[str]
    city: Column  # -1 for a foreign one
    country: list[str]
    per_cell: int

    def __len__(self) -> int:
        return len(self.names)

    def local(self, city: Column, kind: Column, rank: NDArray[np.integer]) -> Column:
        return ((city * len(SPENDING) + kind) * self.per_cell + rank % self.per_cell).astype(np.int32)

    def online(self, kind: Column, rank: NDArray[np.integer]) -> Column:
        return (self._local_count + kind * ONLINE_SHOPS + rank % ONLINE_SHOPS).astype(np.int32)

    def foreign(self, country: Column, rank: NDArray[np.integer]) -> Column:
        start = self._local_count + len(SPENDING) * ONLINE_SHOPS
        return (start + country * FOREIGN_SHOPS + rank % FOREIGN_SHOPS).astype(np.int32)

    def cash_machine(self, city: Column) -> Column:
        start = self._local_count + len(SPENDING) * ONLINE_SHOPS + len(COUNTRIES) * FOREIGN_SHOPS
        return (start + city).astype(np.int32)

    @property
    def _local_count(self) -> int:
        return len(CITIES) * len(SPENDING) * self.per_cell


def make(parameters: Parameters) -> Merchants:
    """The shops; more of them in a bigger bank."""
    per_cell = min(40, 6 + parameters.customers // 2500)
    names, mcc, city, country = [], [], [], []
    for place in range(len(CITIES)):
        inside = [district.name for district in DISTRICTS if district.city == place]
        for kind, spending in enumerate(SPENDING):
            for rank in range(per_cell):
                turn = rank + kind * 7 + place * 3
                shop = spending.shops[rank % len(spending.shops)]
                again = f"{rank // len(_BRANDS) + 1}店" if rank >= len(_BRANDS) else ""
                names.append(f"{inside[rank % len(inside)]}{_BRANDS[turn % len(_BRANDS)]}{shop}{again}")
                mcc.append(spending.mcc)
        city += [place] * (len(SPENDING) * per_cell)
    for kind, spending in enumerate(SPENDING):
        for rank in range(ONLINE_SHOPS):
            names.append(f"{_BRANDS[(rank + kind) % len(_BRANDS)]}{spending.shops[rank % len(spending.shops)]}")
            mcc.append(spending.mcc)
            city.append((rank * 5 + kind) % 20)
    country = ["CN"] * len(names)
    for land in COUNTRIES:
        names += [f"{land.shop} {rank + 1:02d}" for rank in range(FOREIGN_SHOPS)]
        mcc += [("5311", "5812", "7011", "5944", "5651")[rank % 5] for rank in range(FOREIGN_SHOPS)]
        city += [-1] * FOREIGN_SHOPS
        country += [land.code] * FOREIGN_SHOPS
    names += [f"{place.name}分行自助银行" for place in CITIES]
    mcc += [CASH_MCC] * len(CITIES)
    city += range(len(CITIES))
    country += ["CN"] * len(CITIES)
    return Merchants(names, mcc, np.array(city, np.int32), country, per_cell)
