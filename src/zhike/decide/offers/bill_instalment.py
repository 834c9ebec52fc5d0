"""Bill instalment (账单分期): a large bill or purchase paid over months at a stated annual rate."""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.assumption import assumption
from zhike.decide.arithmetic import bounded, cents, share
from zhike.decide.instalment import simple_annual_bp
from zhike.decide.offer import Economics, Gate, Ground, OfferType, Rule
from zhike.decide.offers import offers


@dataclass(frozen=True)
class Parameters:
    """Costs a year are taken on the mean balance of a plan, (n + 1) / 2n of its principal."""

    minimum_cents: int = assumption(100_000, "cents", Text("起分金额", "Smallest amount"), owner="product")
    principal_max_cents: int = assumption(5_000_000, "cents", Text("本金上限", "Greatest principal"), owner="risk")
    share_bp: int = assumption(9_000, "bp", Text("可分比例", "Share that can be split"), owner="product")
    term_months: int = assumption(12, "months", Text("期数", "Months"), owner="product")
    fee_bp: int = assumption(
        60, "bp", Text("每期利息（按原本金）", "Interest a month on the principal"), owner="product"
    )
    response_bp: int = assumption(300, "bp", Text("响应率", "Response"), owner="marketing")
    response_revolver_bp: int = assumption(
        600, "bp", Text("循环客户响应率", "Response of revolvers"), owner="marketing"
    )
    funding_year_bp: int = assumption(200, "bp", Text("资金年成本", "Funding a year"), owner="finance")
    loss_year_bp: int = assumption(150, "bp", Text("预期年损失", "Expected loss a year"), owner="risk")
    revolving_year_bp: int = assumption(
        1_825, "bp", Text("循环利息年率", "Interest a year on revolving balances"), owner="product"
    )
    revolving_kept_bp: int = assumption(
        5_000, "bp", Text("循环余额本会留存的比例", "Part of it that would have gone on"), owner="finance"
    )
    utilisation_max_bp: int = assumption(9_500, "bp", Text("额度使用率上限", "Greatest utilisation"), owner="risk")
    channel_cents: int = assumption(30, "cents", Text("触达成本", "Cost of contact"), owner="marketing")

    def over_term_bp(self, year_bp: int) -> int:
        """A yearly rate over the term, on the mean balance."""
        return round(year_bp * (self.term_months + 1) / 24)


def _to_split(view: ibis.Table) -> ir.IntegerValue:
    """The bill, or the purchase that has not been billed yet."""
    return ibis.greatest(bounded(view.owed_cents).fill_null(0), bounded(view.largest_purchase_30d_cents).fill_null(0))


def _economics(view: ibis.Table, at: Parameters) -> Economics:
    principal = ibis.least(share(_to_split(view), at.share_bp), cents(at.principal_max_cents))
    revolving = bounded(view.revolving_cents).fill_null(0)
    # Who would have paid interest on the balance anyway pays it no longer.
    replaced = ibis.least(share(revolving, at.revolving_kept_bp), principal)
    return Economics(
        response_bp=ibis.ifelse(revolving > 0, cents(at.response_revolver_bp), cents(at.response_bp)),
        margin_cents=share(principal, at.fee_bp * at.term_months - at.over_term_bp(at.funding_year_bp))
        - share(replaced, at.over_term_bp(at.revolving_year_bp)),
        incentive_cents=cents(0),
        loss_cents=share(principal, at.over_term_bp(at.loss_year_bp)),
        channel_cents=cents(at.channel_cents),
    )


BILL_INSTALMENT = offers.register(
    OfferType(
        name="bill_instalment",
        title=Text("账单分期", "Bill instalment"),
        meaning=Text(
            "账单或大额消费分 {term_months} 期，每期利息为原本金的 {fee_bp}，年化利率（单利）{annual_rate_bp}",
            "A bill or large purchase over {term_months} months at {fee_bp} of the principal a month, "
            "a simple annual rate of {annual_rate_bp}",
        ),
        owner="product",
        parameters=Parameters(),
        economics=_economics,
        channels=("app", "sms", "phone"),
        shown=lambda at: {"annual_rate_bp": simple_annual_bp(at.fee_bp, at.term_months)},
        gates=(
            Gate(
                "no_credit_account", "eligible", lambda view, _: view.credit_accounts > 0,
                Text("没有信用账户", "Has no credit account"),
            ),
            Gate(
                "nothing_to_split", "applicable", lambda view, at: _to_split(view) >= at.minimum_cents,
                Text(
                    "欠款 {owed_cents}、近30天最大消费 {largest_purchase_30d_cents}，不足起分金额 {minimum_cents}",
                    "Owes {owed_cents}, greatest purchase in 30 days {largest_purchase_30d_cents}: "
                    "below the smallest amount of {minimum_cents}",
                ),
            ),
            Gate(
                "late_on_bill", "suitable", lambda view, _: view.days_past_due <= 0,
                Text("账单逾期 {days_past_due} 天，不宜分期", "{days_past_due} days late on the bill: not to be split"),
                unknown="passes",  # no statement yet
                rule=Rule("INSTALMENT-1", Text("本行规则（逾期不分期）", "The bank's own rule (none in arrears)"), "C"),
            ),
            Gate(
                "limit_exhausted", "suitable", lambda view, at: view.utilisation * 10_000 <= at.utilisation_max_bp,
                Text(
                    "额度使用率 {utilisation} 高于 {utilisation_max_bp}",
                    "Utilisation of {utilisation} is above {utilisation_max_bp}",
                ),
                unknown="passes",  # nothing billed or no limit known
            ),
        ),
        grounds=(
            Ground(
                "large_bill", lambda view, at: view.owed_cents >= at.minimum_cents,
                Text(
                    "账单欠款 {owed_cents}，可分 {term_months} 期，年化利率（单利）{annual_rate_bp}",
                    "Owes {owed_cents}; over {term_months} months at a simple annual rate of {annual_rate_bp}",
                ),
            ),
            Ground(
                "large_purchase", lambda view, at: view.largest_purchase_30d_cents >= at.minimum_cents,
                Text(
                    "近30天有一笔 {largest_purchase_30d_cents} 的消费，年化利率（单利）{annual_rate_bp}",
                    "One purchase of {largest_purchase_30d_cents} in 30 days; a simple annual rate of {annual_rate_bp}",
                ),
            ),
        ),
    )
)  # fmt: skip
