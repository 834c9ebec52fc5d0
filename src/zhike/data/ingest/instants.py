"""Bank-local dates and times of day -> instants in UTC, business date and hour."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from zhike.data.columns import Moment
from zhike.data.ingest.distinct import FINE, MISSING, UNREADABLE, State, is_missing
from zhike.data.ingest.written import day_reader, halves, time_reader, width

_SECOND = 1_000_000
OUTPUTS = (("", pa.timestamp("us", tz="UTC")), ("__day", pa.date32()), ("__hour", pa.int32()))


@dataclass
class Instants:
    """Reads one `Moment` column."""

    column: Moment
    zone: ZoneInfo
    _days: dict[str, tuple[int, int, int | None]] = field(default_factory=dict)
    _times: dict[str, int] = field(default_factory=dict)

    def typed(self, cells: pa.Array, beside: pa.Array | None) -> tuple[list[pa.Array], State]:
        """As `Distinct.typed`; ``beside`` holds the times of day where they are a column of their own."""
        date_form, time_form = halves(self.column.form)
        if beside is None:
            cells = pc.utf8_trim_whitespace(cells)
            cut = width(date_form)
            cells, beside = (
                pc.utf8_slice_codeunits(cells, 0, cut), pc.utf8_slice_codeunits(cells, cut),
            )  # fmt: skip
        else:
            date_form = date_form.rstrip()
        day_state, day, offset = self._day_columns(cells, date_form)
        time_state, seconds = self._time_columns(beside, time_form)
        state = np.maximum(day_state, np.where(time_state == FINE, FINE, UNREADABLE).astype(np.int8))
        state[day_state == MISSING] = MISSING
        fine = state == FINE
        local = (day.astype(np.int64) * 86_400 + seconds) * _SECOND
        for i in np.flatnonzero(fine & (offset == _CHANGING)):
            offset[i] = _offset(_EPOCH + timedelta(microseconds=int(local[i])), self.zone)
        void = ~fine
        return [
            pa.array(local - offset * _SECOND, OUTPUTS[0][1], mask=void),
            pa.array(day.astype(np.int32), pa.int32(), mask=void).cast(pa.date32()),
            pa.array((seconds // 3600).astype(np.int32), pa.int32(), mask=void),
        ], state

    def _day_columns(self, cells: pa.Array, form: str) -> tuple[State, Any, npt.NDArray[np.int64]]:
        """State, days since 1970 and seconds east of UTC of each row (`_CHANGING` where the clocks changed)."""
        read = day_reader(form, 1900)
        encoded = cells.dictionary_encode()
        found = []
        for text in encoded.dictionary.to_pylist():
            known = self._days.get(text)
            if known is None:
                known = self._days[text] = self._day(text.strip(), read)
            found.append(known)
        table = np.array(found, np.int64).reshape(-1, 3)[np.asarray(encoded.indices)]
        return table[:, 0].astype(np.int8), table[:, 1], table[:, 2].copy()

    def _time_columns(self, cells: pa.Array, form: str) -> tuple[State, npt.NDArray[np.int64]]:
        """State and seconds since midnight; a day has 86,400 texts, what is none of them is not remembered for long."""
        read = time_reader(form)
        encoded = cells.dictionary_encode()
        texts = encoded.dictionary.to_pylist()
        if len(self._times) > _REMEMBERED_TIMES:
            self._times.clear()
        for text in texts:
            if text not in self._times:
                found = read(text.strip())
                self._times[text] = _UNREAD if found is None else int(found.total_seconds())
        seconds = np.array([self._times[text] for text in texts], np.int64)[np.asarray(encoded.indices)]
        fine = seconds != _UNREAD
        return np.where(fine, FINE, UNREADABLE).astype(np.int8), np.where(fine, seconds, 0)

    def _day(self, text: str, read: Any) -> tuple[int, int, int]:
        if is_missing(text, self.column):
            return MISSING, 0, 0
        day: date | None = read(text)
        if day is None:
            return UNREADABLE, 0, 0
        midnight = datetime.combine(day, time())
        first, last = _offset(midnight, self.zone), _offset(midnight + timedelta(days=1), self.zone)
        return FINE, (day - date(1970, 1, 1)).days, first if first == last else _CHANGING


_CHANGING = 1 << 40
_UNREAD = -1
_REMEMBERED_TIMES = 500_000
_EPOCH = datetime.combine(date(1970, 1, 1), time())


def _offset(local: datetime, zone: ZoneInfo) -> int:
    """Seconds east of UTC; of an hour that the clocks repeat the first is meant."""
    instant = local.replace(tzinfo=zone, fold=0).astimezone(UTC).replace(tzinfo=None)
    return int((local - instant).total_seconds())
