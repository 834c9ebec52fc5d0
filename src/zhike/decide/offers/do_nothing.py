"""Do nothing: always possible, worth nothing, and better than a loss or a nuisance."""

from zhike.core.text import Text
from zhike.data.assumption import NoAssumptions
from zhike.decide.arithmetic import cents
from zhike.decide.offer import Economics, OfferType
from zhike.decide.offers import offers

DO_NOTHING = offers.register(
    OfferType(
        name="do_nothing",
        title=Text("不打扰", "Do nothing"),
        meaning=Text("本期不联系客户", "Leave the customer in peace this time"),
        owner="marketing",
        parameters=NoAssumptions(),
        economics=lambda _view, _at: Economics(cents(0), cents(0), cents(0), cents(0), cents(0)),
        selling=False,
    )
)
