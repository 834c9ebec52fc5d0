"""Since when each statement of consent stands: what a later word of the customer is weighed against.

Of a consent it is the day on which it was given: it is no newer for arriving late. Of a withdrawal it is the day on
which the file told it: from then on at the latest nobody may go on.
"""

from functools import partial

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.feature import Feature, Measure
from zhike.data.features import features
from zhike.data.features.consent_by_channel import _CHANNELS
from zhike.data.rows import spoken_on


def _of_channel(rows: ibis.Table, *, channel: str) -> ir.BooleanValue:
    return (rows.purpose == "marketing") & (rows.channel == channel)


for _channel, _title in _CHANNELS.items():
    features.register(
        Feature(
            name=f"consent_{_channel}_on",
            title=Text(f"营销同意日：{_title.zh}", f"Consent since, {_title.en}"),
            meaning=Text(
                f"对{_title.zh}营销的同意自哪天给出，或撤回自哪天为银行所知",
                f"Day on which consent to marketing by {_title.en} was given, or its withdrawal became known",
            ),
            unit="date",
            table="consent",
            measure=Measure("first", spoken_on),
            where=partial(_of_channel, channel=_channel),
        )
    )

features.register(
    Feature(
        name="consent_personalisation_on",
        title=Text("个性化同意日", "Consent since, personalisation"),
        meaning=Text(
            "对个性化推荐的同意自哪天给出，或拒绝自哪天为银行所知",
            "Day on which consent to personalisation was given, or its refusal became known",
        ),
        unit="date",
        table="consent",
        measure=Measure("first", spoken_on),
        where=lambda rows: rows.purpose == "personalisation",
    )
)
