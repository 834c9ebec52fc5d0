"""Judgement: pure expressions over the customer view. No input or output, no Django.

`arbitrate.next_best_action` decides, `explain` gives the reasons of a decided row in words, `record` replays it.
"""
