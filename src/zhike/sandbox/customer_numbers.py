"""What the bank's systems call a person: the card system's number where there is one, else core banking's."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhike.sandbox import text_columns as texts
from zhike.sandbox.card_texts import CardTexts
from zhike.sandbox.numbers import core_customer_numbers
from zhike.sandbox.text_columns import Column
from zhike.sandbox.world import World


class CustomerNumbers:
    """Numbers by position, as they are known on a day."""

    def __init__(self, world: World, cards: CardTexts) -> None:
        everybody = np.arange(len(world.people))
        self._since = world.since
        both = [texts.strings(cards.customer_no(everybody)), texts.strings(core_customer_numbers(world.people.number))]
        self._numbers = pa.chunked_array(both).combine_chunks()

    def of(self, person: NDArray[np.integer], day: int) -> Column:
        """A column of numbers: the card system's from the day on which it knew the person."""
        return self._numbers.take(person + np.where(self._since[person] <= day, 0, len(self._since)))
