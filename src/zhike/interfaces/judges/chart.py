"""The chart of a game as SVG: what each policy has earned above *none* a customer. Lines bear their names."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

_WIDTH, _HEIGHT = 860, 460
_LEFT, _RIGHT, _TOP, _BOTTOM = 74, 150, 64, 46
_COLOURS = ("#0b5cad", "#b3261e", "#6b7280", "#0f766e", "#9a6700", "#7c3aed")
_INK, _FAINT, _GRID = "#1f2937", "#6b7280", "#e5e7eb"
_LABEL_HEIGHT = 17
_MOST_LINES = 6


@dataclass(frozen=True)
class Line:
    """A name and its points: days since the start, yuan a customer."""

    name: str
    points: Sequence[tuple[float, float]]


def svg(title: str, note: str, lines: Sequence[Line]) -> str:
    """The chart; raises ValueError for more lines than can be told apart."""
    if not 1 <= len(lines) <= _MOST_LINES:
        raise ValueError(f"{len(lines)} lines: draw 1 to {_MOST_LINES}")
    frame = _frame(lines)
    said = escape(title, {'"': "&quot;"})
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{said}"',
        'font-family="system-ui, sans-serif" font-size="13">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
        _text(_LEFT - 50, 26, title, size=16, weight=600), _text(_LEFT - 50, 46, note, colour=_FAINT),
        *frame.grid(), *(_drawn(frame, line, colour) for line, colour in zip(lines, _COLOURS, strict=False)),
        *_labels(frame, lines), "</svg>",
    ]  # fmt: skip
    return "\n".join(parts) + "\n"


@dataclass(frozen=True)
class _Frame:
    """Where values stand on the paper: ``low`` to ``high`` in steps, 0 to ``days``."""

    low: float
    high: float
    step: float
    days: float

    def x(self, day: float) -> float:
        return _LEFT + day / self.days * (_WIDTH - _LEFT - _RIGHT)

    def y(self, value: float) -> float:
        return _TOP + (self.high - value) / (self.high - self.low) * (_HEIGHT - _TOP - _BOTTOM)

    def grid(self) -> list[str]:
        found, count = [], round((self.high - self.low) / self.step)
        for turn in range(count + 1):
            value = self.low + turn * self.step
            zero = abs(value) < self.step / 2
            found.append(
                f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{self.y(value):.1f}" y2="{self.y(value):.1f}" '
                f'stroke="{_INK if zero else _GRID}" stroke-width="1"/>'
            )
            found.append(_text(_LEFT - 8, self.y(value) + 4, _yuan(value, self.step), colour=_FAINT, anchor="end"))
        for day in _day_ticks(self.days):
            found.append(_text(self.x(day), _HEIGHT - _BOTTOM + 20, f"day {day}", colour=_FAINT, anchor="middle"))
        return found


def _frame(lines: Sequence[Line]) -> _Frame:
    values = [value for line in lines for _, value in line.points] + [0.0]
    step = _nice((max(values) - min(values)) / 6)
    low, high = (round_(edge / step) * step for round_, edge in ((_floor, min(values)), (_ceiling, max(values))))
    return _Frame(low, high if high > low else low + step, step, max(day for line in lines for day, _ in line.points))


def _drawn(frame: _Frame, line: Line, colour: str) -> str:
    points = " ".join(f"{frame.x(day):.1f},{frame.y(value):.1f}" for day, value in line.points)
    return f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2" stroke-linejoin="round"/>'


def _labels(frame: _Frame, lines: Sequence[Line]) -> list[str]:
    """Each name behind the end of its line, moved apart where they would lie upon each other."""
    wanted = sorted((frame.y(line.points[-1][1]), place) for place, line in enumerate(lines))
    found, floor = [], 0.0
    spare = _HEIGHT - _BOTTOM - _LABEL_HEIGHT * len(wanted)
    for turn, (y, place) in enumerate(wanted):
        free = max(min(y, spare + _LABEL_HEIGHT * (turn + 1)), floor)
        floor = free + _LABEL_HEIGHT
        line = lines[place]
        said = f"{line.name} {_yuan(line.points[-1][1], frame.step)}"
        found.append(_text(_WIDTH - _RIGHT + 8, free + 4, said, colour=_COLOURS[place], weight=600))
    return found


def _text(
    x: float, y: float, said: str, *, size: int = 13, weight: int = 400, colour: str = _INK, anchor: str = "start"
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" fill="{colour}" '
        f'text-anchor="{anchor}">{escape(said)}</text>'
    )


def _yuan(value: float, step: float) -> str:
    digits = 0 if step >= 1 else 1 if step >= 0.1 else 2
    sign = "−" if value < -(10.0**-digits) / 2 else ""
    return f"{sign}¥{abs(value):,.{digits}f}"


def _nice(step: float) -> float:
    """The step of 1, 2 or 5 times a power of ten that is no smaller."""
    power = 1e-2
    while True:
        for times in (1, 2, 5):
            if times * power >= step:
                return times * power
        power *= 10


def _day_ticks(days: float) -> list[int]:
    step = next(each for each in (1, 5, 10, 15, 30, 60, 90, 180) if days / each <= 7)
    return list(range(0, int(days) + 1, step))


def _floor(value: float) -> int:
    return int(value // 1)


def _ceiling(value: float) -> int:
    return -int(-value // 1)
