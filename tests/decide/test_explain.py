"""Reasons in both languages, with money in the currency, and nothing left unfilled."""

import json
import re
from typing import get_args

import pytest
from decision_reference import ASLEEP_CARD, BIG_BILL, CALM, NEW_CARD, Row, decided, random_customers

from zhike.core.text import LOCALES, Locale
from zhike.data.source import ConsentSetting
from zhike.decide.explain import Candidate, candidates, next_best_action
from zhike.decide.render import money, shown
from zhike.decide.terms import unknown_consent


def told(row: Row, locale: Locale = "en") -> dict[str, Candidate]:
    return {each.offer: each for each in candidates(decided([row])[0], locale)}


def test_winner_losers_and_refused_in_order() -> None:
    both = BIG_BILL | {"stage": "dormant", "days_since_last_use": 400, "spend_365d_cents": 0}
    found = candidates(decided([both])[0], "en")
    assert [(each.offer, each.outcome) for each in found] == [
        ("bill_instalment", "won"),
        ("wake_up", "lost"),
        ("do_nothing", "lost"),
        ("first_use_gift", "refused"),
        ("general_news", "refused"),
    ]
    assert found[0].reasons[0].text == "Owes ¥8,000.00; over 12 months at a simple annual rate of 13.03%"
    worth = found[0].reasons[-1]
    assert worth.code == "worth"
    p = worth.params
    assert p["value_cents"] == found[0].value_cents
    net = p["margin_cents"] - p["incentive_cents"] - p["loss_cents"]
    assert p["value_cents"] == (net * p["response_bp"] + 5_000) // 10_000 - p["channel_cents"]
    assert found[1].reasons[0].text == "Worth ¥1.00, less than Bill instalment with ¥11.17"


def test_refusals_name_rule_and_article() -> None:
    refusal = {
        reason.code: reason for reason in told(BIG_BILL | {"marketing_consent": "withdrawn"})["bill_instalment"].reasons
    }
    assert refusal["consent_withdrawn"].text == (
        "The customer has withdrawn consent to marketing (MARKETING-1: PIPL article 15, Advertising Law article 43)"
    )
    assert refusal["consent_withdrawn"].params == {"rule": "MARKETING-1"}
    chinese = told(BIG_BILL | {"days_past_due": 30}, "zh")["bill_instalment"].reasons
    assert "逾期 30 天，1 天及以上不营销（ARREARS-1：本行规则（M1+ 静默））" in [reason.text for reason in chinese]


def test_unknown_input_is_named_by_its_title() -> None:
    reason = told(NEW_CARD | {"cards_held": None}, "zh")["first_use_gift"].reasons[0]
    assert (reason.code, reason.params) == ("no_card_unknown", {"missing": "cards_held"})
    assert reason.text == "缺少数据，不能判断：持卡数"


def test_the_setting_for_unknown_consent_is_said() -> None:
    row = ASLEEP_CARD | {"marketing_consent": "unknown"}
    refuse = unknown_consent("refuse", "assumed_refused", "made_core")
    refused = {
        locale: {each.offer: each for each in candidates(decided([row], refuse)[0], locale, refuse)}["wake_up"]
        for locale in LOCALES
    }
    assert refused["zh"].reasons[0].params == {
        "rule": "MARKETING-2", "setting": "assumed_refused", "sources": "made_core", "unknown": "refuse",
    }  # fmt: skip
    assert refused["zh"].reasons[0].text == (
        "没有该客户的营销同意记录（来源系统：made_core），按设置“视为拒绝”处理，不得营销"
        "（MARKETING-2：《广告法》第四十三条）"
    )
    assert (
        refused["en"]
        .reasons[0]
        .text.startswith(
            "No consent of this customer to marketing is recorded (source: made_core);"
            " by the setting assumed_refused it counts as refused"
        )
    )


def test_a_winner_by_assumed_consent_says_so() -> None:
    row = ASLEEP_CARD | {"marketing_consent": "unknown"}
    allow = unknown_consent("allow", "assumed_given_for_research_data", "berka, berka_loans")
    grounds = {}
    for locale in LOCALES:
        won = next_best_action(decided([row], allow)[0], locale, allow)
        assert won["offer"] == "wake_up"
        grounds[locale] = {reason["code"]: reason for reason in won["reasons"]}["consent_by_setting"]
    assert grounds["zh"]["text"] == (
        "没有该客户的营销同意记录（来源系统：berka, berka_loans），按设置“研究数据视为同意”处理，可以营销"
    )
    assert grounds["en"]["text"] == (
        "No consent of this customer to marketing is recorded (source: berka, berka_loans);"
        " by the setting assumed_given_for_research_data it counts as given"
    )
    given = next_best_action(decided([ASLEEP_CARD], allow)[0], "en", allow)
    assert "consent_by_setting" not in [reason["code"] for reason in given["reasons"]]


def test_every_setting_of_a_source_is_worded() -> None:
    for setting in get_args(ConsentSetting):
        assert shown("setting", setting, "CNY", "zh") != setting


def test_doing_nothing_has_its_reason() -> None:
    action = next_best_action(decided([CALM])[0], "zh")
    assert (action["offer"], action["title"], action["value_cents"]) == ("do_nothing", "不打扰", 0)
    assert action["reasons"][0]["text"] == "4 项不可做，0 项预计价值不高于零"


@pytest.mark.parametrize("locale", LOCALES)
def test_every_reason_is_filled_and_plain_json(locale: Locale) -> None:
    for decision in decided(random_customers(400, 11)):
        found = candidates(decision, locale)
        assert [each.outcome for each in found].count("won") == 1
        assert found[0].outcome == "won"
        for each in found:
            assert each.reasons, (decision, each)
            json.dumps(each.as_json())
            for reason in each.reasons:
                assert not re.search(r"[{}]|None|True|False", reason.text), reason


def test_money_in_its_currency() -> None:
    assert money(123_456, "CNY") == "¥1,234.56"
    assert money(-5, "CNY") == "-¥0.05"
    assert money(123_456, "TWD") == "NT$1,234.56"
    assert money(123_456, "JPY") == "JPY\N{NO-BREAK SPACE}123,456"
    assert money(123_456, "CZK") == "CZK\N{NO-BREAK SPACE}1,234.56"


def test_values_are_data_not_templates() -> None:
    row = decided([BIG_BILL])[0] | {"currency": "CNY", "stage": "{owed_cents}"}
    texts = [reason.text for each in candidates(row, "en") for reason in each.reasons]
    assert any("{owed_cents}" in text for text in texts)  # shown as it is, not filled
