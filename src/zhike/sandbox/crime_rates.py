"""How much crime there is."""

from dataclasses import dataclass, fields

from zhike.core.errors import BadInput


@dataclass(frozen=True)
class CrimeRates:
    """Planning figures, so chosen that a bank of 10,000 people and 18 months has cases of every kind.

    Of cash-out no statistics exist. Those of card fraud lie in the order of magnitude that countries with published
    figures report by case and card. ``members`` and ``points_abusers`` are per million holders or accounts at any time,
    ``applications`` per million new accounts, the others cases per million cards a year. A variant may change them;
    `NONE` is a bank without crime, in which every honest person lives the same life.
    """

    ring_members: float = 6_500
    members_a_ring: float = 7
    lost_or_stolen: float = 3_000
    card_not_present: float = 2_600
    account_taken_over: float = 1_900
    applications: float = 18_000
    points_abusers: float = 2_600

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            most = 1_000 if field.name == "members_a_ring" else 200_000
            least = 2 if field.name == "members_a_ring" else 0
            if not least <= value <= most:
                raise BadInput(f"{field.name} = {value} is not possible: give a number from {least:,} to {most:,}.")


USUAL = CrimeRates()
NONE = CrimeRates(0, 7, 0, 0, 0, 0, 0)
