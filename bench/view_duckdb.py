"""The peer: the declared features by hand in DuckDB SQL, one query, over the same Parquet files."""

import sys
from pathlib import Path

import duckdb

QUERY = """
WITH p AS (
  SELECT * FROM party WHERE known_from <= $d0 AND valid_from <= $d0
  QUALIFY row_number() OVER (PARTITION BY party_id ORDER BY valid_from DESC, known_from DESC) = 1
), a AS (
  SELECT * FROM account WHERE known_from <= $d0 AND valid_from <= $d0
  QUALIFY row_number() OVER (PARTITION BY account_id ORDER BY valid_from DESC, known_from DESC) = 1
), ap AS (
  SELECT * FROM account_party WHERE known_from <= $d0 AND valid_from <= $d0
  QUALIFY row_number() OVER (PARTITION BY account_id, party_id ORDER BY valid_from DESC, known_from DESC) = 1
), c AS (
  SELECT * FROM card WHERE known_from <= $d0 AND valid_from <= $d0
  QUALIFY row_number() OVER (PARTITION BY card_id ORDER BY valid_from DESC, known_from DESC) = 1
), holder AS (
  SELECT ap.account_id, ap.party_id FROM ap WHERE ap.role = 'main' AND (ap.valid_to IS NULL OR ap.valid_to > $d0)
), tx AS (
  SELECT account_id,
    count(*) FILTER (customer_initiated AND business_date > $d30) AS transactions_30d,
    count(*) FILTER (customer_initiated AND business_date > $d90) AS transactions_90d,
    count(*) FILTER (customer_initiated AND business_date > $d365) AS transactions_365d,
    max(business_date) FILTER (customer_initiated) AS last_transaction_on,
    sum(net) FILTER (business_date > $d30) AS spend_30d_cents,
    sum(net) FILTER (business_date > $d90) AS spend_90d_cents,
    sum(net) FILTER (business_date > $d365) AS spend_365d_cents,
    sum(net) FILTER (business_date > $d180 AND business_date <= $d90) AS spend_previous_90d_cents,
    max(amount_cents) FILTER (kind = 'purchase' AND business_date > $d30) AS largest_purchase_30d_cents,
    sum(amount_cents) FILTER (kind IN ('cash_advance', 'withdrawal') AND business_date > $d90) AS cash_90d_cents,
    sum(amount_cents) FILTER (kind IN ('salary', 'deposit', 'transfer_in') AND business_date > $d90)
      AS inflow_90d_cents,
    count(*) FILTER (kind = 'purchase' AND business_date > $d90) AS purchases_90d,
    count(*) FILTER (kind = 'purchase' AND channel IN ('online', 'wallet', 'app') AND business_date > $d90)
      AS online_purchases_90d,
    count(*) FILTER (kind = 'purchase' AND local_hour < 5 AND business_date > $d90) AS night_purchases_90d
  FROM (SELECT *, CASE kind WHEN 'purchase' THEN amount_cents WHEN 'refund' THEN -amount_cents ELSE 0 END AS net
        FROM transaction WHERE business_date <= $d0 AND known_at <= $d0)
  GROUP BY account_id
), apart AS (
  SELECT party_id, count(DISTINCT merchant_id) FILTER (kind = 'purchase') AS merchants_90d,
    count(DISTINCT business_date) FILTER (customer_initiated) AS days_active_90d
  FROM transaction JOIN holder USING (account_id)
  WHERE business_date <= $d0 AND business_date > $d90 AND known_at <= $d0 GROUP BY party_id
), moved AS (
  SELECT account_id, business_date, transaction_id AS id, balance_after_cents FROM transaction
  WHERE business_date <= $d0 AND known_at <= $d0 AND balance_after_cents IS NOT NULL
  UNION ALL
  SELECT account_id, business_date, posting_id, balance_after_cents FROM posting
  WHERE business_date <= $d0 AND known_at <= $d0 AND balance_after_cents IS NOT NULL
), ledger AS (
  SELECT account_id, max_by(balance_after_cents, (business_date, length(id), id)) AS ledger_cents
  FROM moved GROUP BY account_id
), newest AS (
  SELECT account_id, max_by(balance_cents, business_date) AS balance_cents,
    max_by(revolving_cents, business_date) AS revolving_cents, max_by(minimum_cents, business_date) AS minimum_cents,
    max_by(days_past_due, business_date) AS days_past_due,
    sum(balance_cents) FILTER (due_date IS NOT NULL AND balance_cents > 0 AND business_date > $d90) AS billed_90d_cents
  FROM statement WHERE business_date <= $d0 AND known_at <= $d0 GROUP BY account_id
), pay AS (
  SELECT account_id, sum(amount_cents) FILTER (business_date > $d35) AS payments_35d_cents,
    sum(amount_cents) AS payments_90d_cents
  FROM payment WHERE business_date <= $d0 AND business_date > $d90 AND known_at <= $d0 GROUP BY account_id
), post AS (
  SELECT account_id,
    sum(amount_cents) FILTER (kind IN ('interest', 'instalment_interest', 'penalty_interest')) AS interest_365d_cents,
    sum(amount_cents) FILTER (kind IN ('annual_fee', 'late_fee', 'cash_advance_fee', 'service_fee')) AS fees_365d_cents
  FROM posting WHERE business_date <= $d0 AND business_date > $d365 AND known_at <= $d0 GROUP BY account_id
), lim AS (
  SELECT account_id, max(limit_cents) AS limit_cents FROM (
    SELECT * FROM limit_event WHERE valid_from <= $d0 AND known_from <= $d0
    QUALIFY row_number() OVER (PARTITION BY account_id, kind ORDER BY valid_from DESC, known_from DESC) = 1
  ) WHERE valid_to IS NULL OR valid_to > $d0 GROUP BY account_id
), cust AS (
  SELECT party_id,
    count(*) FILTER (a.status = 'open') AS accounts_open,
    count(*) FILTER (a.status IN ('closed', 'charged_off')) AS accounts_closed,
    count(*) FILTER (a.kind = 'credit' AND a.status IN ('open', 'frozen')) AS credit_accounts,
    min(a.opened_on) AS customer_since,
    sum(transactions_30d) AS transactions_30d, sum(transactions_90d) AS transactions_90d,
    sum(transactions_365d) AS transactions_365d, max(last_transaction_on) AS last_transaction_on,
    max(last_transaction_on) FILTER (a.kind = 'credit') AS last_credit_use_on,
    sum(spend_30d_cents) AS spend_30d_cents, sum(spend_90d_cents) AS spend_90d_cents,
    sum(spend_365d_cents) AS spend_365d_cents, sum(spend_previous_90d_cents) AS spend_previous_90d_cents,
    max(largest_purchase_30d_cents) AS largest_purchase_30d_cents, sum(cash_90d_cents) AS cash_90d_cents,
    sum(inflow_90d_cents) AS inflow_90d_cents, sum(purchases_90d) AS purchases_90d,
    sum(online_purchases_90d) AS online_purchases_90d, sum(night_purchases_90d) AS night_purchases_90d,
    sum(balance_cents) FILTER (a.kind = 'credit' AND a.status <> 'charged_off') AS owed_cents,
    sum(balance_cents) FILTER (a.kind = 'credit' AND a.status IN ('open', 'frozen')) AS drawn_cents,
    sum(revolving_cents) FILTER (a.kind = 'credit') AS revolving_cents,
    sum(minimum_cents) FILTER (a.kind = 'credit') AS minimum_cents,
    sum(balance_cents) FILTER (a.kind = 'deposit') AS statement_deposits_cents,
    sum(ledger_cents) FILTER (a.kind = 'deposit') AS ledger_deposits_cents,
    max(days_past_due) AS days_past_due, sum(billed_90d_cents) AS billed_90d_cents,
    sum(payments_35d_cents) AS payments_35d_cents, sum(payments_90d_cents) AS payments_90d_cents,
    sum(interest_365d_cents) AS interest_365d_cents, sum(fees_365d_cents) AS fees_365d_cents,
    sum(limit_cents) FILTER (a.status IN ('open', 'frozen')) AS limit_cents
  FROM holder JOIN a USING (account_id)
  LEFT JOIN tx USING (account_id) LEFT JOIN newest USING (account_id) LEFT JOIN pay USING (account_id)
  LEFT JOIN post USING (account_id) LEFT JOIN lim USING (account_id) LEFT JOIN ledger USING (account_id)
  WHERE a.valid_to IS NULL OR a.valid_to > $d0
  GROUP BY party_id
), cards AS (
  SELECT c.party_id, count(DISTINCT c.card_id) AS cards_held, count(*) FILTER (e.kind = 'activated') AS cards_activated,
    max(e.business_date) FILTER (e.kind = 'issued') AS last_card_issued_on
  FROM c LEFT JOIN card_event e ON e.card_id = c.card_id AND e.business_date <= $d0 AND e.known_at <= $d0
  WHERE c.valid_to IS NULL OR c.valid_to > $d0 GROUP BY c.party_id
), agreed AS (
  SELECT party_id, count(*) FILTER (given) AS given, count(*) FILTER (NOT given) AS withdrawn FROM (
    SELECT * FROM consent WHERE known_from <= $d0 AND valid_from <= $d0
    QUALIFY row_number() OVER (PARTITION BY party_id, purpose, channel ORDER BY valid_from DESC, known_from DESC) = 1
  ) WHERE purpose = 'marketing' AND (valid_to IS NULL OR valid_to > $d0) GROUP BY party_id
), flat AS (
  SELECT p.party_id AS customer_id, p.birth_date, p.city_tier, p.occupation, p.region_code, p.sex, p.target_group,
    coalesce(given, 0) AS marketing_consents_given, coalesce(withdrawn, 0) AS marketing_consents_withdrawn,
    coalesce(cards_held, 0) AS cards_held, coalesce(cards_activated, 0) AS cards_activated, last_card_issued_on,
    coalesce(merchants_90d, 0) AS merchants_90d, coalesce(days_active_90d, 0) AS days_active_90d,
    customer_since, last_transaction_on, last_credit_use_on, largest_purchase_30d_cents,
    limit_cents, owed_cents, drawn_cents, revolving_cents,
    minimum_cents, statement_deposits_cents, ledger_deposits_cents, days_past_due,
    $ZERO
  FROM p LEFT JOIN cust USING (party_id) LEFT JOIN cards USING (party_id) LEFT JOIN agreed USING (party_id)
  LEFT JOIN apart USING (party_id)
  WHERE p.valid_to IS NULL OR p.valid_to > $d0
)
SELECT *,
  (year($d0) * 10000 + month($d0) * 100 + day($d0)
    - (year(birth_date) * 10000 + month(birth_date) * 100 + day(birth_date))) // 10000 AS age_years,
  CASE WHEN marketing_consents_given > 0 THEN 'given' WHEN marketing_consents_withdrawn > 0 THEN 'withdrawn'
    ELSE 'unknown' END AS marketing_consent,
  $d0 - last_transaction_on AS days_since_last_transaction,
  $d0 - CASE WHEN credit_accounts > 0 THEN last_credit_use_on ELSE last_transaction_on END AS days_since_last_use,
  $d0 - customer_since AS tenure_days,
  $d0 - last_card_issued_on AS days_since_card_issued,
  coalesce(ledger_deposits_cents, statement_deposits_cents) AS deposits_cents,
  spend_90d_cents / CASE WHEN spend_previous_90d_cents > 0 THEN spend_previous_90d_cents END AS spend_trend,
  online_purchases_90d / nullif(purchases_90d, 0) AS online_share_90d,
  night_purchases_90d / nullif(purchases_90d, 0) AS night_share_90d,
  coalesce(drawn_cents, 0) / CASE WHEN limit_cents > 0 THEN limit_cents END AS utilisation,
  payments_90d_cents / nullif(billed_90d_cents, 0) AS payment_ratio,
  limit_cents - coalesce(drawn_cents, 0) AS headroom_cents
FROM flat ORDER BY customer_id
"""
# Sums and counts of which none is zero.
ZERO = (
    "accounts_open", "accounts_closed", "credit_accounts", "transactions_30d", "transactions_90d", "transactions_365d",
    "spend_30d_cents", "spend_90d_cents", "spend_365d_cents", "spend_previous_90d_cents", "cash_90d_cents",
    "inflow_90d_cents", "purchases_90d", "online_purchases_90d", "night_purchases_90d", "billed_90d_cents",
    "payments_35d_cents", "payments_90d_cents", "interest_365d_cents", "fees_365d_cents",
)  # fmt: skip
TABLES = ("party", "account", "account_party", "card", "card_event", "consent", "limit_event", "statement", "payment",
          "posting", "transaction")  # fmt: skip


def run(facts: Path, out: Path, as_of: str, memory_mb: int, spill: Path) -> None:
    connection = duckdb.connect(config={"threads": 2, "memory_limit": f"{memory_mb}MiB", "temp_directory": str(spill)})
    for table in TABLES:
        connection.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{facts}/{table}/*.parquet')")
    query = QUERY.replace("$ZERO", ", ".join(f"coalesce({name}, 0)::BIGINT AS {name}" for name in ZERO))
    query = query.replace("$d0", f"DATE '{as_of}'")
    for days in (365, 180, 90, 35, 30):
        query = query.replace(f"$d{days}", f"(DATE '{as_of}' - {days})")
    connection.execute(f"COPY ({query}) TO '{out}' (FORMAT parquet, COMPRESSION zstd)")


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]), Path(sys.argv[5]))
