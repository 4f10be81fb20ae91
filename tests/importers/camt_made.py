"""Small camt messages made of parts, and what the importer makes of them."""

from tieout.contracts.reading import BytesSource, Reading, head_of
from tieout.domain.statements import Statement, StatementEntry
from tieout.importers import camt
from tieout.kernel.errors import Finding, Refused
from tieout.kernel.money import decimal_text

ACCOUNT = "<Acct><Id><IBAN>NO93 8601 1117 947</IBAN></Id><Ccy>NOK</Ccy></Acct>"
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"


def message(*statements: str, kind: str = "Stmt", namespace: str = NAMESPACE) -> str:
    """A camt message of that kind (Stmt, Rpt, Ntfctn), each statement given by what stands inside its element."""
    root = {"Stmt": "BkToCstmrStmt", "Rpt": "BkToCstmrAcctRpt", "Ntfctn": "BkToCstmrDbtCdtNtfctn"}[kind]
    inside = "".join(f"<{kind}>{statement}</{kind}>\n" for statement in statements)
    declared = f' xmlns="{namespace}"' if namespace else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Document{declared}><{root}><GrpHdr><MsgId>M1</MsgId></GrpHdr>\n{inside}</{root}></Document>\n"
    )


def statement(*parts: str, account: str = ACCOUNT, number: str = "S1") -> str:
    """The inside of a statement: its id, account, and then balances, totals and entries on a line each."""
    return f"<Id>{number}</Id>{account}\n" + "\n".join(parts) + "\n"


def balance(code: str, amount: str, mark: str = "CRDT", currency: str = "NOK", on: str = "2026-05-31") -> str:
    """A Bal element; an empty mark or day is left out."""
    marked = f"<CdtDbtInd>{mark}</CdtDbtInd>" if mark else ""
    dated = f"<Dt><Dt>{on}</Dt></Dt>" if on else ""
    of_type = f"<Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
    return f'<Bal>{of_type}<Amt Ccy="{currency}">{amount}</Amt>{marked}{dated}</Bal>'


def entry(
    amount: str = "10.00", mark: str = "CRDT", currency: str = "NOK", on: str = "2026-05-04", inside: str = ""
) -> str:
    """A Ntry element, booked and valued on a day; an empty amount, mark or day is left out."""
    stated = f'<Amt Ccy="{currency}">{amount}</Amt>' if amount else ""
    marked = f"<CdtDbtInd>{mark}</CdtDbtInd>" if mark else ""
    dated = f"<BookgDt><Dt>{on}</Dt></BookgDt><ValDt><Dt>{on}</Dt></ValDt>" if on else ""
    return f"<Ntry>{stated}{marked}<Sts>BOOK</Sts>{dated}{inside}</Ntry>"


def detail(inside: str = "", amount: str = "", mark: str = "", currency: str = "NOK") -> str:
    """A TxDtls element; an empty amount or mark is left out."""
    stated = f'<Amt Ccy="{currency}">{amount}</Amt>' if amount else ""
    marked = f"<CdtDbtInd>{mark}</CdtDbtInd>" if mark else ""
    return f"<TxDtls>{stated}{marked}{inside}</TxDtls>"


def proved(*entries: str, opening: str = "100.00", closing: str = "110.00") -> str:
    """A message of one statement with those entries between two booked balances."""
    return message(statement(balance("OPBD", opening, on="2026-05-01"), *entries, balance("CLBD", closing)))


def reading_of(text: str | bytes, keep_entries: bool = True, profile: str | None = None) -> Reading:
    """What the importer makes of a file. Raises Refused."""
    raw = text if isinstance(text, bytes) else text.encode("utf-8")
    return camt.read(BytesSource("may.xml", raw), keep_entries, profile)


def recognised(text: str | bytes) -> str | None:
    """The format that the importer sees in a file."""
    raw = text if isinstance(text, bytes) else text.encode("utf-8")
    return camt.recognise(head_of(BytesSource("may.xml", raw)))


def the_statement(text: str | bytes, profile: str | None = None) -> Statement:
    """The one statement of a file."""
    (found,) = reading_of(text, profile=profile).statements
    return found


def the_entry(inside: str, mark: str = "CRDT", amount: str = "10.00", account: str = ACCOUNT) -> StatementEntry:
    """The one entry of a statement, given by what stands in it behind its dates."""
    (found,) = the_statement(message(statement(entry(amount, mark, inside=inside), account=account))).entries
    return found


def figures(found: Statement) -> tuple[int, str, str | None, str | None, bool | None]:
    """Booked entries, their sum, opening and closing balance, and whether the proof holds."""
    opening, closing = (
        None if stated is None else decimal_text(stated.minor_units, found.exponent)
        for stated in (found.opening, found.closing)
    )
    return found.tally.entries, decimal_text(found.tally.sum, found.exponent), opening, closing, found.proof.holds


def codes(findings: list[Finding]) -> list[str]:
    """The codes of findings, in their order."""
    return [finding.code for finding in findings]


def refusal_of(text: str | bytes) -> str:
    """The one reason for refusing a file: its code, place and words."""
    try:
        reading_of(text)
    except Refused as refused:
        (finding,) = refused.findings
        return f"{finding.code} {finding}"
    return "read"
