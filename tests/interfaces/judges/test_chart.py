"""The chart is whole XML, within its frame, and no two names lie upon each other."""

from itertools import pairwise
from xml.etree import ElementTree

import pytest

from zhike.interfaces.judges.chart import Line, svg

SPACE = "{http://www.w3.org/2000/svg}"


def drawn(*ends: float, names: tuple[str, ...] = ()) -> ElementTree.Element:
    lines = [Line((names or tuple("abcdef"))[place], [(0, 0), (90, end)]) for place, end in enumerate(ends)]
    return ElementTree.fromstring(svg("Profit", "a note", lines))


@pytest.mark.parametrize("ends", [(0.0,), (0, 0, 0, 0, 0, 0), (-76, 8, 7.9, 7.8, 0, -5), (0.001, -0.002), (1e6, -1e6)])
def test_names_stand_apart_and_inside(ends):
    picture = drawn(*ends)
    labels = [text for text in picture.iter(f"{SPACE}text") if text.get("font-weight") == "600"][1:]
    assert len(labels) == len(ends)
    places = sorted(float(label.get("y", "0")) for label in labels)
    assert all(below - above >= 15 for above, below in pairwise(places))
    assert 0 < places[0] <= places[-1] < 460
    for line in picture.iter(f"{SPACE}polyline"):
        for point in line.get("points", "").split():
            x, y = map(float, point.split(","))
            assert 74 <= x <= 710
            assert 64 <= y <= 414


def test_signs_of_names_and_values():
    picture = drawn(-12.0, 8.0, names=('<"a">', "b"))
    texts = [text.text or "" for text in picture.iter(f"{SPACE}text")]
    assert '<"a"> −¥12' in texts
    assert "b ¥8" in texts


def test_more_lines_than_colours_are_refused():
    with pytest.raises(ValueError, match="1 to 6"):
        svg("t", "n", [Line(str(place), [(0, 0)]) for place in range(7)])
