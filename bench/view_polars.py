"""The peer: the declared features by hand in Polars, lazy and streaming, over the same Parquet files."""

import sys
from datetime import date, timedelta
from pathlib import Path

import polars as pl

COUNTED = ("transactions_30d", "transactions_90d", "transactions_365d", "spend_30d_cents", "spend_90d_cents",
           "spend_365d_cents", "spend_previous_90d_cents", "cash_90d_cents", "inflow_90d_cents", "purchases_90d",
           "online_purchases_90d", "night_purchases_90d", "billed_90d_cents", "payments_35d_cents",
           "payments_90d_cents", "interest_365d_cents", "fees_365d_cents")  # fmt: skip
col = pl.col


class View:
    """The tables of one folder as of one day."""

    def __init__(self, facts: Path, as_of: date) -> None:
        self.facts, self.as_of = facts, as_of

    def events(self, table: str) -> pl.LazyFrame:
        rows = pl.scan_parquet(self.facts / table / "*.parquet")
        return rows.filter(col("business_date") <= self.as_of, col("known_at") <= self.as_of)

    def versions(self, table: str, *key: str) -> pl.LazyFrame:
        rows = pl.scan_parquet(self.facts / table / "*.parquet")
        rows = rows.filter(col("valid_from") <= self.as_of, col("known_from") <= self.as_of)
        newest = rows.sort("valid_from", "known_from").unique(subset=key, keep="last")
        return newest.filter(col("valid_to").is_null() | (col("valid_to") > self.as_of))

    def after(self, days: int) -> pl.Expr:
        return col("business_date") > self.as_of - timedelta(days=days)

    def view(self) -> pl.LazyFrame:
        parties = self.versions("party", "party_id").select(
            "party_id", "birth_date", "city_tier", "occupation", "region_code", "sex", "target_group"
        )
        holders = self.versions("account_party", "account_id", "party_id").filter(col("role") == "main")
        holders = holders.select("account_id", "party_id")
        joined = parties
        for each in (
            self.customers(holders),
            self.cards(),
            self.consents(),
            self.merchants(holders),
            self.days(holders),
        ):
            joined = joined.join(each, on="party_id", how="left")
        zero = (*COUNTED, "accounts_open", "accounts_closed", "credit_accounts", "cards_held", "cards_activated",
                "marketing_consents_given", "marketing_consents_withdrawn", "merchants_90d",
                "days_active_90d")  # fmt: skip
        flat = joined.with_columns(col(zero).fill_null(0)).rename({"party_id": "customer_id"})
        return self.derived(flat).sort("customer_id")

    def transactions(self) -> pl.LazyFrame:
        rows, buys = self.events("transaction"), col("kind") == "purchase"
        net = pl.when(buys).then("amount_cents").when(col("kind") == "refund").then(-col("amount_cents")).otherwise(0)
        mine = col("customer_initiated")
        cash, inflow = ["cash_advance", "withdrawal"], ["salary", "deposit", "transfer_in"]
        previous = self.after(180) & ~self.after(90)
        flagged = rows.select("account_id", "business_date", "amount_cents", net=net, mine=mine, buys=buys,
                              cash=col("kind").is_in(cash), inflow=col("kind").is_in(inflow),
                              night=col("local_hour") < 5,
                              online=col("channel").is_in(["online", "wallet", "app"]))  # fmt: skip
        recent = flagged.filter(self.after(90)).group_by("account_id").agg(
            transactions_30d=(col("mine") & self.after(30)).sum(), transactions_90d=col("mine").sum(),
            spend_30d_cents=pl.when(self.after(30)).then("net").sum(), spend_90d_cents=col("net").sum(),
            largest_purchase_30d_cents=pl.when(col("buys") & self.after(30)).then("amount_cents").max(),
            cash_90d_cents=pl.when("cash").then("amount_cents").sum(),
            inflow_90d_cents=pl.when("inflow").then("amount_cents").sum(),
            purchases_90d=col("buys").sum(), online_purchases_90d=(col("buys") & col("online")).sum(),
            night_purchases_90d=(col("buys") & col("night")).sum(),
        )  # fmt: skip
        whole = flagged.group_by("account_id").agg(
            transactions_365d=(col("mine") & self.after(365)).sum(),
            last_transaction_on=pl.when("mine").then("business_date").max(),
            spend_365d_cents=pl.when(self.after(365)).then("net").sum(),
            spend_previous_90d_cents=pl.when(previous).then("net").sum(),
        )
        return whole.join(recent, on="account_id", how="left")

    def merchants(self, holders: pl.LazyFrame) -> pl.LazyFrame:
        bought = self.events("transaction").filter(
            self.after(90), col("kind") == "purchase", col("merchant_id").is_not_null()
        )
        pairs = bought.select("account_id", "merchant_id").unique().join(holders, on="account_id")
        return pairs.select("party_id", "merchant_id").unique().group_by("party_id").agg(merchants_90d=pl.len())

    def days(self, holders: pl.LazyFrame) -> pl.LazyFrame:
        active = self.events("transaction").filter(self.after(90), col("customer_initiated"))
        pairs = active.select("account_id", "business_date").unique().join(holders, on="account_id")
        return pairs.select("party_id", "business_date").unique().group_by("party_id").agg(days_active_90d=pl.len())

    def ledger(self) -> pl.LazyFrame:
        both = [
            self.events(table).filter(col("balance_after_cents").is_not_null())
            .select("account_id", "business_date", "balance_after_cents", id=f"{table}_id")
            for table in ("transaction", "posting")
        ]  # fmt: skip
        ordered = pl.concat(both).sort("business_date", col("id").str.len_chars(), "id")
        return ordered.unique("account_id", keep="last").select("account_id", ledger="balance_after_cents")

    def accounts(self) -> list[pl.LazyFrame]:
        statements = self.events("statement")
        billed = pl.when(col("due_date").is_not_null() & (col("balance_cents") > 0) & self.after(90))
        newest = [col(name).get(col("business_date").arg_max())
                  for name in ("balance_cents", "revolving_cents", "minimum_cents", "days_past_due")]  # fmt: skip
        interest = ["interest", "instalment_interest", "penalty_interest"]
        fees = ["annual_fee", "late_fee", "cash_advance_fee", "service_fee"]
        return [
            self.transactions(), self.ledger(),
            statements.group_by("account_id").agg(*newest, billed_90d_cents=billed.then("balance_cents").sum()),
            self.events("payment").filter(self.after(90)).group_by("account_id").agg(
                payments_35d_cents=pl.when(self.after(35)).then("amount_cents").sum(),
                payments_90d_cents=col("amount_cents").sum()),
            self.events("posting").filter(self.after(365)).group_by("account_id").agg(
                interest_365d_cents=pl.when(col("kind").is_in(interest)).then("amount_cents").sum(),
                fees_365d_cents=pl.when(col("kind").is_in(fees)).then("amount_cents").sum()),
            self.versions("limit_event", "account_id", "kind").group_by("account_id").agg(col("limit_cents").max()),
        ]  # fmt: skip

    def customers(self, holders: pl.LazyFrame) -> pl.LazyFrame:
        held = holders.join(self.versions("account", "account_id").select("account_id", "kind", "status", "opened_on"),
                            on="account_id")  # fmt: skip
        for each in self.accounts():
            held = held.join(each, on="account_id", how="left")
        credit, deposit = col("kind") == "credit", col("kind") == "deposit"
        alive = col("status").is_in(["open", "frozen"])

        def known(where: pl.Expr, name: str) -> pl.Expr:
            """A sum that is null without a value."""
            value = pl.when(where).then(name)
            return pl.when(value.count() > 0).then(value.sum())

        return held.group_by("party_id").agg(
            col(COUNTED).sum(),
            accounts_open=(col("status") == "open").sum(),
            accounts_closed=col("status").is_in(["closed", "charged_off"]).sum(),
            credit_accounts=(credit & alive).sum(), customer_since=col("opened_on").min(),
            last_transaction_on=col("last_transaction_on").max(),
            last_credit_use_on=pl.when(credit).then("last_transaction_on").max(),
            largest_purchase_30d_cents=col("largest_purchase_30d_cents").max(),
            days_past_due=col("days_past_due").max(), limit_cents=known(alive, "limit_cents"),
            owed_cents=known(credit & (col("status") != "charged_off"), "balance_cents"),
            drawn_cents=known(credit & alive, "balance_cents"), revolving_cents=known(credit, "revolving_cents"),
            minimum_cents=known(credit, "minimum_cents"), statement_deposits_cents=known(deposit, "balance_cents"),
            ledger_deposits_cents=known(deposit, "ledger"),
        )  # fmt: skip

    def cards(self) -> pl.LazyFrame:
        cards = self.versions("card", "card_id").select("card_id", "party_id")
        steps = (
            self.events("card_event")
            .group_by("card_id")
            .agg(
                cards_activated=(col("kind") == "activated").sum(),
                last_card_issued_on=pl.when(col("kind") == "issued").then("business_date").max(),
            )
        )
        held = cards.join(steps, on="card_id", how="left")
        return held.group_by("party_id").agg(
            col("cards_activated").sum(), col("last_card_issued_on").max(), cards_held=pl.len()
        )

    def consents(self) -> pl.LazyFrame:
        rows = self.versions("consent", "party_id", "purpose", "channel").filter(col("purpose") == "marketing")
        return rows.group_by("party_id").agg(
            marketing_consents_given=col("given").sum(), marketing_consents_withdrawn=(~col("given")).sum()
        )

    def derived(self, flat: pl.LazyFrame) -> pl.LazyFrame:
        birth = col("birth_date")
        digits = birth.dt.year() * 10_000 + birth.dt.month().cast(pl.Int32) * 100 + birth.dt.day().cast(pl.Int32)
        today = self.as_of.year * 10_000 + self.as_of.month * 100 + self.as_of.day
        since = {"days_since_last_transaction": "last_transaction_on", "tenure_days": "customer_since",
                 "days_since_card_issued": "last_card_issued_on"}  # fmt: skip

        def ratio(part: str, whole: str) -> pl.Expr:
            return col(part) / pl.when(col(whole) > 0).then(whole)

        deposits = pl.coalesce("ledger_deposits_cents", "statement_deposits_cents")
        consent = pl.when(col("marketing_consents_given") > 0).then(pl.lit("given"))
        consent = consent.when(col("marketing_consents_withdrawn") > 0).then(pl.lit("withdrawn"))
        used = pl.when(col("credit_accounts") > 0).then("last_credit_use_on").otherwise("last_transaction_on")
        return flat.with_columns(
            days_since_last_use=(pl.lit(self.as_of) - used).dt.total_days(),
            **{name: (pl.lit(self.as_of) - col(day)).dt.total_days() for name, day in since.items()},
            age_years=(today - digits) // 10_000, deposits_cents=deposits,
            marketing_consent=consent.otherwise(pl.lit("unknown")),
            spend_trend=ratio("spend_90d_cents", "spend_previous_90d_cents"),
            online_share_90d=ratio("online_purchases_90d", "purchases_90d"),
            night_share_90d=ratio("night_purchases_90d", "purchases_90d"),
            utilisation=col("drawn_cents").fill_null(0) / pl.when(col("limit_cents") > 0).then("limit_cents"),
            payment_ratio=ratio("payments_90d_cents", "billed_90d_cents"),
            headroom_cents=col("limit_cents") - col("drawn_cents").fill_null(0),
        )  # fmt: skip


def run(facts: Path, out: Path, as_of: date) -> None:
    View(facts, as_of).view().sink_parquet(out, compression="zstd", engine="streaming")


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]), date.fromisoformat(sys.argv[3]))
