"""The made bank's branch CRM: CSV in GB18030, in full each month and changes between, under numbers of its own.

Typed by hand: a record joins the bank's own customer where the identity number is the same, letter for letter; the
others are people of their own until identity resolution says who they are.
"""

import ibis

from zhike.core.text import Text
from zhike.data.columns import Code, Day, Identity, Ignored, Moment, Party, Personal, Surrogate, Words
from zhike.data.source import Delimited, Map, RawFile, Rule, Source, sources
from zhike.data.sources._made_contact import ANSWERS, OUTCOMES, answered, own_campaign
from zhike.data.sources._made_format import BRANCH_NO, COUNTED, daily

_DAY = "%Y-%m-%d"
_FORMAT = Delimited(encoding="gb18030")
_MANAGER = Surrogate("employee", name="employee_id")

MANAGER = RawFile(
    name="manager",
    pattern=daily("crm", "manager.csv"),
    format=_FORMAT,
    columns={
        "manager_no": _MANAGER, "branch_no": BRANCH_NO,
        "role": Code({"relationship_manager": "relationship_manager"}),
    },
    maps=(
        Map("employee", lambda raw: {
            "employee_id": raw.employee_id, "branch_id": raw.branch_id, "role": raw.role,
        }),
    ),
    control=COUNTED,
    optional=True,
)  # fmt: skip

CUSTOMER = RawFile(
    name="customer",
    pattern=daily("crm", "customer.csv"),
    format=_FORMAT,
    columns={
        "crm_no": Party(name="party_id", first_known="since"), "kind": Code({"C": "customer", "P": "prospect"}),
        "name": Personal("full_name"), "id_no": Identity(), "phone": Personal("phone"),
        "birth_date": Day(_DAY, masked=True), "sex": Code({"M": "male", "F": "female"}),
        "division": Words(name="region_code"), "branch_no": BRANCH_NO, "manager_no": Ignored(),
        "grade": Code({code: code for code in "ABCD"}), "remark": Ignored(masked=True), "since": Day(_DAY),
        "changed": Day(_DAY),
    },
    rules=(
        Rule("contradiction", "birth_date", lambda raw: raw.birth_date < raw.since),
        Rule("contradiction", "changed", lambda raw: raw.since <= raw.changed),
    ),
    maps=(
        # Dated by the day of the record: what the systems of accounts say later of the same person counts.
        Map("party", lambda raw: {
            "party_id": raw.party_id, "kind": ibis.literal("person"), "birth_date": raw.birth_date, "sex": raw.sex,
            "region_code": raw.region_code, "valid_from": raw.since,
        }),
    ),
    control=COUNTED,
    optional=True,
)  # fmt: skip

VISIT = RawFile(
    name="visit",
    pattern=daily("crm", "visit.csv"),
    format=_FORMAT,
    columns={
        "visit_no": Words(), "customer_no": Party(name="party_id"), "branch_no": BRANCH_NO,
        "day": Moment("%Y-%m-%d %H:%M:%S", and_column="time", name="at"), "time": Ignored(),
        "direction": Code({"in": "inbound", "out": "outbound"}), "topic": Words(),
        "result": Code(OUTCOMES, name="outcome"), "offer": Words(optional=True), "answer": Code(ANSWERS, optional=True),
        "ref": Words(optional=True), "remark": Ignored(masked=True),
    },
    maps=(
        Map("interaction", lambda raw: {
            "interaction_id": raw.visit_no, "party_id": raw.party_id, "channel": ibis.literal("branch"),
            "contact_direction": raw.direction,
            "topic": ibis.ifelse(raw.direction == "outbound", raw.offer.fill_null(raw.topic), raw.topic),
            "outcome": raw.outcome, "purpose": ibis.ifelse(raw.direction == "outbound", "marketing", "service"),
            "reference": raw.ref, "event_at": raw["at"], "business_date": raw.at__day,
        }, where=lambda raw: (raw.direction == "inbound") | own_campaign(raw)),
        answered("visit_no", lambda _raw: ibis.literal("branch")),
    ),
    control=COUNTED,
    optional=True,
)  # fmt: skip

MADE_CRM = sources.register(
    Source(
        name="made_crm",
        title=Text(zh="样例银行网点客户系统", en="The made bank's branch CRM"),
        meaning=Text(
            zh="CSV 文件（GB18030，带控制文件）：客户经理、接待记录、网点客户档案"
            "（每月首日全量，其余为变更；自有客户号，人工录入有误）。",
            en="CSV files (GB18030, a control file beside each): relationship managers, customers and prospects as the "
            "branches typed them (in full each month, changes between, numbers of their own), visits.",
        ),
        currency="",
        zone="Asia/Shanghai",
        files=(MANAGER, CUSTOMER, VISIT),
        consent="assumed_refused",
        keys_of="made_cards",
    )
)
