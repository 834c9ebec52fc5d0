"""What cards earn and cost where no table tells it: named assumptions of the bank, each with unit, owner and origin."""

from dataclasses import dataclass

from zhike.core.text import Text
from zhike.data.assumption import assumption

YEAR_DAYS = 365
_HABIT = "convention of the trade; to be replaced by the bank's own figure"


@dataclass(frozen=True)
class Interchange:
    """What merchants pay the issuer for a purchase, and what the issuer pays the network for it."""

    interchange_bp: int = assumption(
        45, "bp", Text("发卡行手续费收入（占消费）", "Interchange, of spend"), owner="finance",
        origin="credit cards under the pricing notice of 2016: 0.45 % to the issuer",
    )  # fmt: skip
    network_bp: int = assumption(
        3, "bp", Text("网络服务费支出（占消费）", "Network fee, of spend"), owner="finance",
        origin="issuer's side of the network fee under the pricing notice of 2016: 0.0325 %, rounded",
    )  # fmt: skip


@dataclass(frozen=True)
class Funding:
    """What the money costs that is lent on cards."""

    funding_bp: int = assumption(
        200, "bp", Text("年化资金成本（占应收）", "Funding cost a year, of receivables"), owner="finance", origin=_HABIT
    )


@dataclass(frozen=True)
class PointValue:
    """What a point will cost when it is redeemed."""

    cents_per_10000_points: int = assumption(
        2_000, "cents", Text("一万积分的兑换成本", "Cost of redeeming 10,000 points"), owner="finance",
        origin="500 points for about 1 yuan; to be replaced by the bank's own figure",
    )  # fmt: skip


@dataclass(frozen=True)
class Acquisition:
    """What it costs to win the holder of a new card."""

    card_cents: int = assumption(
        12_000, "cents", Text("每张新卡的获客与制卡成本", "Winning and making one card"), owner="finance", origin=_HABIT
    )
    active_days: int = assumption(
        90, "days", Text("发卡后几天内用卡算活跃", "Active when used within"), owner="product", origin=_HABIT
    )


@dataclass(frozen=True)
class Contacts:
    """What one contact costs, by channel; what is not named costs nothing."""

    phone_cents: int = assumption(600, "cents", Text("一通电话", "A call"), owner="finance", origin=_HABIT)
    branch_cents: int = assumption(1_500, "cents", Text("一次到店", "A visit"), owner="finance", origin=_HABIT)
    mail_cents: int = assumption(250, "cents", Text("一封信函", "A letter"), owner="finance", origin=_HABIT)
    sms_cents: int = assumption(4, "cents", Text("一条短信", "A text message"), owner="finance", origin=_HABIT)
