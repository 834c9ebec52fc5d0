"""Nothing chosen by personal data for who refused that."""

from zhike.core.text import Text
from zhike.data.assumption import NoAssumptions
from zhike.decide.offer import Gate, Rule
from zhike.decide.policies import policies
from zhike.decide.policy import Policy

PERSONALISATION = policies.register(
    Policy(
        name="personalisation",
        title=Text("个性化推荐", "Personalisation"),
        meaning=Text(
            "客户拒绝个性化推荐后，只提供不针对个人特征的内容",
            "Who refused personalisation is offered only what is not chosen by their personal data",
        ),
        owner="consumer protection",
        parameters=NoAssumptions(),
        gates=(
            Gate(
                code="personalisation_refused",
                stage="policy",
                passes=lambda view, _: view.consent_personalisation != 0,
                reason=Text("客户已拒绝个性化推荐", "The customer has refused personalisation"),
                # The law gives a right to refuse, and asks for no consent beforehand.
                unknown="passes",
                rule=Rule("PERSONAL-1", Text("《个人信息保护法》第二十四条", "PIPL article 24"), "A"),
            ),
        ),
        applies=lambda offer: offer.personal,
    )
)
