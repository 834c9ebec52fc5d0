"""How much may be stored, for how long, and what an archive may hold."""

from zhike.core.text import Text

FILE_BYTES = 20 * 1024 * 1024
OWNER_FILES = 50
OWNER_BYTES = 100 * 1024 * 1024

# Class of retention -> days, and what it is for.
RETENTION_DAYS: dict[str, int] = {"proof": 5 * 365, "letter": 5 * 365, "call": 2 * 365, "export": 30, "temporary": 7}
RETENTION: dict[str, Text] = {
    "proof": Text("凭证，5 年", "Proof, 5 years"),
    "letter": Text("信函，5 年", "Letter, 5 years"),
    "call": Text("通话录音，2 年", "Call record, 2 years"),
    "export": Text("导出文件，30 天", "Export, 30 days"),
    "temporary": Text("临时文件，7 天", "Temporary, 7 days"),
}
