"""Effects: figures to the last unit, and when one is another than the one that was seen."""

import pytest

from zhike.core.errors import BadInput
from zhike.core.text import Text
from zhike.operations.approvals.effect import Count, Effect, moved


def effect(people: int, cost_cents: int, word: str = "Reaches") -> Effect:
    counts = (
        Count("people", Text("人数", "People"), people),
        Count("cost", Text("费用", "Cost"), cost_cents, "cents", "CNY"),
    )
    said = Text("触达 {people} 人，费用 {cost}。", f"{word} {{people}} people at {{cost}}, as {{typed}}.")
    return Effect(counts, (said,))


def test_sentences_hold_exact_figures_and_leave_other_braces_alone() -> None:
    shown = effect(182_430, 1_234_500)
    assert shown.sentences("en") == ["Reaches 182,430 people at ¥12,345.00, as {typed}."]
    assert shown.sentences("zh") == ["触达 182,430 人，费用 ¥12,345.00。"]
    assert Effect.from_json(shown.as_json()) == shown


@pytest.mark.parametrize(
    ("before", "now", "tolerance", "expected"),
    [
        (effect(100, 100), effect(100, 100), 0, False),
        (effect(100, 100), effect(101, 100), 0, True),
        (effect(100, 100), effect(105, 100), 0.05, False),
        (effect(100, 100), effect(106, 100), 0.05, True),
        (effect(100, 100), effect(94, 100), 0.05, True),
        (effect(0, 100), effect(1, 100), 0.5, True),
        (effect(100, -100), effect(100, -104), 0.05, False),
        (effect(100, -100), effect(100, 100), 0.5, True),
        (effect(100, 100), effect(100, 100, word="Bothers"), 0.5, True),
        (effect(100, 100), Effect(effect(100, 100).counts[:1], effect(1, 1).says), 0.5, True),
    ],
)
def test_when_it_moved(before: Effect, now: Effect, tolerance: float, expected: bool) -> None:
    assert moved(before.mark(), now.mark(), tolerance) is expected


@pytest.mark.parametrize("mark", ["x;people", "x;people=", "x;people=1e9", "x;people=nan"])
def test_what_is_no_mark_is_refused(mark: str) -> None:
    with pytest.raises(BadInput):
        moved(mark, effect(1, 1).mark(), 0.5)
