"""A decided row in words: who won, who lost, who was refused, and why.

A reason is a code with parameters; its text is rendered here, in the reader's language, and stored nowhere.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias

from zhike.core.text import Locale, Text
from zhike.decide.arbitrate import UNKNOWN_SHIFT, VALUE_UNKNOWN
from zhike.decide.inputs import read_by_gate
from zhike.decide.offer import COMPONENTS, AnyOffer, OfferType, Rule
from zhike.decide.policy import AnyPolicy
from zhike.decide.render import Param, filled, places, title_of
from zhike.decide.terms import DO_NOTHING, Considered, DecisionSettings, considered

Row: TypeAlias = Mapping[str, Any]
Outcome = Literal["won", "lost", "refused"]

_NOT_KNOWN = Text("缺少数据，不能判断：{missing}", "Cannot be judged, not known: {missing}")
_WORTH = Text(
    "预计价值 {value_cents} = 响应率 {response_bp} ×（毛利 {margin_cents} − 成本 {incentive_cents}"
    " − 预期损失 {loss_cents}）− 触达 {channel_cents}",
    "Worth {value_cents} = response {response_bp} × (margin {margin_cents} − incentive {incentive_cents}"
    " − expected loss {loss_cents}) − contact {channel_cents}",
)
_WORTH_LESS = Text(
    "预计价值 {value_cents}，低于“{winner}”的 {winner_value_cents}",
    "Worth {value_cents}, less than {winner} with {winner_value_cents}",
)
_TIED = Text(
    "预计价值 {value_cents} 与“{winner}”相同，后者在先", "Worth {value_cents}, the same as {winner}, which comes first"
)
_NOTHING_BETTER = Text(
    "{refused_count} 项不可做，{lost_count} 项预计价值不高于零",
    "{refused_count} may not be made, {lost_count} are worth no more than nothing",
)


@dataclass(frozen=True)
class Reason:
    """``code`` and ``params`` are what a record means; ``text`` is for the reader."""

    code: str
    params: dict[str, Param]
    text: str


@dataclass(frozen=True)
class Candidate:
    """One offer's fate. ``value_cents`` is what it would be worth, refused or not; None where that is unknown."""

    offer: str
    title: str
    outcome: Outcome
    value_cents: int | None
    reasons: tuple[Reason, ...]

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "reasons": [asdict(reason) for reason in self.reasons]}


def candidates(row: Row, locale: Locale, settings: DecisionSettings | None = None) -> list[Candidate]:
    """Every offer with its reasons, the winner first, then by value, the refused last.

    ``row`` is a row of the decision table as a dict; ``settings`` must be those it was decided with (see `record`).
    """
    settings = settings or DecisionSettings()
    speakers = [_Speaker(row, candidate, locale) for candidate in considered(settings)]
    fates = {speaker.offer.name: speaker.outcome for speaker in speakers}
    found = [speaker.candidate(fates) for speaker in speakers]
    order: dict[Outcome, int] = {"won": 0, "lost": 1, "refused": 2}
    return sorted(found, key=lambda each: (order[each.outcome], -(each.value_cents or 0), each.offer))


def next_best_action(row: Row, locale: Locale, settings: DecisionSettings | None = None) -> dict[str, Any]:
    """``{"offer", "title", "value_cents", "reasons": [{"code", "params", "text"}]}`` of the winner."""
    winner = candidates(row, locale, settings)[0].as_json()
    del winner["outcome"]
    return winner


@dataclass(frozen=True)
class _Speaker:
    """Speaks for one offer about one row."""

    row: Row
    considered: Considered
    locale: Locale

    @property
    def offer(self) -> AnyOffer:
        return self.considered.offer

    @property
    def outcome(self) -> Outcome:
        if self.row["winner"] == self.offer.name:
            return "won"
        return "refused" if self._own("refused") else "lost"

    def candidate(self, fates: Mapping[str, Outcome]) -> Candidate:
        told = {"won": self._won, "lost": self._lost, "refused": self._refused}[self.outcome](fates)
        return Candidate(
            self.offer.name, self.offer.title.in_(self.locale), self.outcome, self._own("value_cents"), tuple(told)
        )

    def _won(self, fates: Mapping[str, Outcome]) -> list[Reason]:
        if self.offer.name == DO_NOTHING:
            counts: dict[str, Param] = {
                "refused_count": sum(fate == "refused" for fate in fates.values()),
                "lost_count": sum(fate == "lost" for fate in fates.values()),
            }
            return [self._reason("nothing_better", _NOTHING_BETTER, counts)]
        held = [
            self._reason(ground.code, ground.text, self._params(ground.text, owner))
            for place, (owner, ground) in enumerate(self.considered.grounds())
            if self._own("grounds") >> place & 1
        ]
        return [*held, self._reason("worth", _WORTH, self._worth())]

    def _lost(self, _fates: Mapping[str, Outcome]) -> list[Reason]:
        value, best = self._own("value_cents"), self.row["winner_value_cents"]
        beaten: dict[str, Param] = {"value_cents": value, "winner": self.row["winner"], "winner_value_cents": best}
        if value == best:
            return [self._reason("tied", _TIED, beaten)]
        return [self._reason("worth_less", _WORTH_LESS, beaten), self._reason("worth", _WORTH, self._worth())]

    def _refused(self, _fates: Mapping[str, Outcome]) -> list[Reason]:
        mask, told = self._own("refused"), []
        for place, (owner, gate) in enumerate(self.considered.gates()):
            if mask >> place & 1:
                params = self._params(gate.reason, owner) | _rule_param(gate.rule)
                told.append(self._reason(gate.code, gate.reason, params, gate.rule))
            elif mask >> (UNKNOWN_SHIFT + place) & 1:
                told.append(self._not_known(f"{gate.code}_unknown", read_by_gate(gate, owner)))
        if mask & VALUE_UNKNOWN:
            told.append(self._not_known("value_unknown", []))
        return told

    def _own(self, column: str) -> Any:
        return self.row[f"{self.offer.name}__{column}"]

    def _worth(self) -> dict[str, Param]:
        return {name: self._own(name) for name in ("value_cents", *COMPONENTS)}

    def _params(self, text: Text, owner: AnyOffer | AnyPolicy) -> dict[str, Param]:
        """Of each place: the column of the row, else the parameter, else what the offer shows beside."""
        computed = owner.shown_values if isinstance(owner, OfferType) else {}
        known = {**computed, **vars(owner.parameters), **self.row}
        return {name: known[name] for name in sorted(places(text))}

    def _not_known(self, code: str, columns: list[str]) -> Reason:
        missing = [name for name in columns if self.row.get(name) is None] or columns
        titles = ("、" if self.locale == "zh" else ", ").join(title_of(name, self.locale) for name in missing)
        text = filled(_NOT_KNOWN, {"missing": titles or "-"}, self.row["currency"], self.locale)
        return Reason(code, {"missing": ",".join(missing)}, text)

    def _reason(self, code: str, text: Text, params: dict[str, Param], rule: Rule | None = None) -> Reason:
        said = filled(text, params, self.row["currency"], self.locale)
        if rule is not None:
            opening, closing = ("（", "）") if self.locale == "zh" else (" (", ")")
            said += f"{opening}{rule.id}{'：' if self.locale == 'zh' else ': '}{rule.article.in_(self.locale)}{closing}"
        return Reason(code, params, said)


def _rule_param(rule: Rule | None) -> dict[str, Param]:
    return {"rule": rule.id} if rule else {}
