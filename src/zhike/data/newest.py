"""The newest row of each account: one rule for features and KPIs."""

import ibis

from zhike.data.tables import TABLES


def newest_per_account(table: str, rows: ibis.Table) -> ibis.Table:
    """Of rows of one day the one with the greatest reference, in number: a longer one is greater."""
    key = rows[TABLES[table].key[0] if table in TABLES else "entry_id"]
    order = [rows.business_date.desc(), key.length().desc(), key.desc()]
    ranked = rows.mutate(newest_rank=ibis.row_number().over(ibis.window(group_by="account_id", order_by=order)))
    return ranked.filter(ranked.newest_rank == 0).drop("newest_rank")
