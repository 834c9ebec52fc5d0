"""The constants of how people answer: a world variant changes them, adds a segment, or lets them change on a day."""

from dataclasses import dataclass, fields, replace

from zhike.core.errors import BadInput
from zhike.sandbox.actions import OFFERS
from zhike.sandbox.groups import GROUPS

MOST_LOGIT, MOST_SHARE = 20.0, 1.0


@dataclass(frozen=True)
class OfferCurve:
    """One offer. Logits; traits count from their middle (0.5), so a weight of 2 moves the logit by 1 either way.

    ``usual`` is the usual incentive (fen). ``alone`` is the logit of taking it up at a log-in without being asked;
    None where nobody can, or where another part of the world has the hazard (first use, waking, plans …).
    """

    base: float
    need: float = 0.0
    price: float = 0.0
    travel: float = 0.0
    digital: float = 0.0
    diligence: float = 0.0
    usual: int = 0
    alone: float | None = None


@dataclass(frozen=True)
class ChannelCurve:
    """One channel: ``fit`` and its lean to digital people (logits), ``reach`` and its lean (shares), ``cost`` a
    contact (fen, planning figures), ``push``: how much a contact irritates beside a text message."""

    fit: float
    digital: float
    reach: float
    reach_digital: float
    cost: int
    push: float


# In the order of actions.OFFERS.
_OFFER_CURVES = (
    OfferCurve(0.9, need=0.6, price=1.2, digital=0.8, usual=2_000),
    OfferCurve(0.7, price=0.8, digital=2.2, usual=1_000),
    OfferCurve(0.8, price=1.8, digital=1.0, diligence=0.3, usual=2_000, alone=-5.4),
    OfferCurve(0.3, need=2.8, price=-0.4, diligence=-1.0, usual=0),
    OfferCurve(0.2, need=2.4, price=-0.6, digital=0.5, usual=0),
    OfferCurve(-0.3, need=3.2, price=-0.8, diligence=-1.2, usual=0),
    OfferCurve(0.9, need=2.0, travel=0.6, diligence=-0.3),
    OfferCurve(0.6, need=1.6, travel=1.2, alone=-7.0),
    OfferCurve(1.2, price=2.0, diligence=0.4, usual=0, alone=-5.2),
    OfferCurve(0.9, need=2.2, price=1.6, usual=0, alone=-6.6),
    OfferCurve(0.2, price=0.4, travel=3.4, usual=3_000, alone=-7.4),
    OfferCurve(-0.2, travel=2.0, price=-1.2, need=-0.4, alone=-7.6),
    OfferCurve(0.6, price=1.6, need=0.3, usual=3_000),
    OfferCurve(0.1, price=1.4, need=0.8, digital=0.5, usual=2_000),
    OfferCurve(-0.6, need=-1.5, diligence=1.2),
    OfferCurve(0.2, diligence=1.6, digital=0.8, price=0.2, usual=500, alone=-6.4),
    OfferCurve(-0.5, need=3.0, diligence=-0.4, alone=-7.8),
    OfferCurve(-0.4, need=-2.4, diligence=1.6, travel=0.4, alone=-7.6),
    OfferCurve(-30.0),
)
# In the order of actions.CHANNELS.
_CHANNEL_CURVES = (
    ChannelCurve(-5.0, -0.4, 0.97, 0.0, 5, 1.0),
    ChannelCurve(-3.5, -0.8, 0.46, -0.12, 350, 1.6),
    ChannelCurve(-4.7, 1.6, 0.62, 0.70, 1, 0.6),
    ChannelCurve(-5.4, 0.6, 0.80, 0.10, 1, 0.4),
    ChannelCurve(-2.9, -1.6, 0.25, -0.20, 2_000, 0.7),
)


@dataclass(frozen=True)
class Segment:
    """Further people who differ: ``share`` of all (of ``group``, a name of groups.GROUPS, or of everybody when
    empty), whose logit of each named offer moves by so much."""

    name: str
    share: float
    shifts: tuple[tuple[str, float], ...]
    group: str = ""

    def __post_init__(self) -> None:
        _within(f"segment {self.name}: share", self.share, 0.0, MOST_SHARE)
        names = [group.name for group in GROUPS]
        if self.group and self.group not in names:
            raise BadInput(f"segment {self.name}: no group is called {self.group!r}: give one of {', '.join(names)}.")
        for offer, shift in self.shifts:
            if offer not in OFFERS:
                raise BadInput(f"segment {self.name}: no offer is called {offer!r}: give one of {', '.join(OFFERS)}.")
            _within(f"segment {self.name}: {offer}", shift, -MOST_LOGIT, MOST_LOGIT)


@dataclass(frozen=True)
class ResponseCurves:
    """All constants of the answers. ``later`` are (day since 1970, curves that hold from then on). What is drawn
    once for a person (dog, slope, hour, segment) is drawn by the first curves: a segment that wakes up later stands
    there with no shift, and in the later curves at the same place with its shifts."""

    offers: tuple[OfferCurve, ...] = _OFFER_CURVES
    channels: tuple[ChannelCurve, ...] = _CHANNEL_CURVES
    personal: float = 0.8  # spread of a person's own liking of an offer, logits
    channel_spread: float = 0.5
    hour: float = 0.6  # the worst hour lies twice this below the best
    incentive: float = 0.9  # × price sensitivity × ln(1 + incentive / 10 yuan)
    fatigue: float = 0.12  # logits a contact in the last 30 days, for a middling person
    fatigue_spread: float = 0.5
    inbound: float = 1.39  # ln 4: people who come by themselves take what is shown four times as often
    inbound_fatigue: float = 0.2  # share of the fatigue that counts then
    shown_again: float = 0.35  # logits a time the same decision was shown before
    dog_base: float = -2.75
    dog_irritation: float = 0.62  # of one text message, on a scale on which closing rises by e^irritation
    irritation: float = 0.03
    most_irritation: float = 2.2
    dog_aversion: float = 1.8  # logits off their acceptance
    segments: tuple[Segment, ...] = ()
    later: tuple[tuple[int, "ResponseCurves"], ...] = ()

    def __post_init__(self) -> None:
        for name, wanted in (("offers", len(_OFFER_CURVES)), ("channels", len(_CHANNEL_CURVES))):
            if len(getattr(self, name)) != wanted:
                raise BadInput(f"{len(getattr(self, name))} curves of {name} are not possible: give {wanted}.")
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, float):
                low = -MOST_LOGIT if each.name == "dog_base" else 0.0
                _within(each.name, value, low, MOST_LOGIT)

    def on(self, day: int) -> "ResponseCurves":
        """The curves that hold on a day."""
        found = self
        for start, curves in sorted(self.later, key=lambda change: change[0]):
            if start <= day:
                found = replace(curves, later=())
        return found


def _within(what: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise BadInput(f"{what} = {value} is not possible: give a number from {low:g} to {high:g}.")


USUAL = ResponseCurves()
