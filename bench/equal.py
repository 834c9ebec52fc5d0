"""Whether two Parquet files hold the same rows in the same columns, value by value."""

from pathlib import Path

import duckdb


def differences(one: Path, other: Path) -> list[str]:
    """Names of columns that differ anywhere, or one line that says why they cannot be compared; empty when equal."""
    session = duckdb.connect()
    session.execute("SET enable_progress_bar = false")
    columns = [
        {row[0]: row[1] for row in session.execute(f"DESCRIBE SELECT * FROM '{path}'").fetchall()}
        for path in (one, other)
    ]
    if set(columns[0]) != set(columns[1]):
        return [f"columns: {sorted(set(columns[0]) ^ set(columns[1]))}"]
    tests = ", ".join(
        f"count(*) FILTER (NOT {_same(name, columns[0][name])}) AS {name}"
        for name in sorted(columns[0])
        if name != "customer_id"
    )
    joined = f"'{one}' AS a FULL JOIN '{other}' AS b USING (customer_id)"
    counts = session.execute(
        f"SELECT count(*) FILTER (a.customer_id IS NULL OR b.customer_id IS NULL) AS rows, {tests} FROM {joined}"
    )
    names = [column[0] for column in counts.description]
    return [f"{name}: {count}" for name, count in zip(names, counts.fetchone(), strict=True) if count]


def _same(name: str, kind: str) -> str:
    """Equal, null like null; ratios to 12 digits, as engines divide in different types."""
    same = f"a.{name} IS NOT DISTINCT FROM b.{name}"
    return f"({same} OR abs(a.{name} / b.{name} - 1) < 1e-12)" if kind == "DOUBLE" else f"({same})"
