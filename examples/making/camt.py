"""Writes camt.053.001.02 as a Norwegian bank does: KID as structured reference, batches with or without details.

Source: ISO 20022, message definition camt.053.001.02.
"""

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from examples.making.statements import Listed, Statement, decimal
from examples.making.story import BankLine, Party, Payment
from examples.making.who import COMPANY

_BEGIN = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">
<BkToCstmrStmt>
"""
_END = """</BkToCstmrStmt>
</Document>
"""


def camt(statements: Sequence[Statement], message_id: str) -> bytes:
    """One message with the statements of several accounts."""
    made = f"{statements[0].period.last_day}T22:30:00"
    header = f"<GrpHdr><MsgId>{message_id}</MsgId><CreDtTm>{made}</CreDtTm></GrpHdr>\n"
    return "".join([_BEGIN, header, *(_statement(each, made) for each in statements), _END]).encode()


def _statement(statement: Statement, made: str) -> str:
    account, period = statement.account, statement.period
    return "".join(
        [
            f"<Stmt>\n <Id>{account.number[-5:]}-{period.first_day}</Id><CreDtTm>{made}</CreDtTm>\n",
            f" <FrToDt><FrDtTm>{period.first_day}T00:00:00</FrDtTm>",
            f"<ToDtTm>{period.last_day}T23:59:59</ToDtTm></FrToDt>\n",
            f" <Acct><Id><IBAN>{account.number}</IBAN></Id><Ccy>{account.currency}</Ccy>",
            f"<Ownr><Nm>{COMPANY}</Nm></Ownr></Acct>\n",
            _balance(statement, "OPBD", statement.opening, period.first_day),
            _balance(statement, "CLBD", statement.closing, period.last_day),
            *(_entry(each, account.currency) for each in statement.listed),
            "</Stmt>\n",
        ]
    )


def _balance(statement: Statement, code: str, minor_units: int, day: str) -> str:
    amount = _amount(minor_units, statement.account.currency)
    kind = f"<Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
    return f" <Bal>{kind}{amount}{_mark(minor_units)}<Dt><Dt>{day}</Dt></Dt></Bal>\n"


def _amount(minor_units: int, currency: str) -> str:
    return f'<Amt Ccy="{currency}">{decimal(minor_units)}</Amt>'


def _mark(minor_units: int) -> str:
    return f"<CdtDbtInd>{'DBIT' if minor_units < 0 else 'CRDT'}</CdtDbtInd>"


def _entry(each: Listed, currency: str) -> str:
    line = each.line
    booked_and_value = f"<BookgDt><Dt>{line.day}</Dt></BookgDt><ValDt><Dt>{line.day}</Dt></ValDt>"
    if line.is_pending:
        booked_and_value = f"<ValDt><Dt>{line.day}</Dt></ValDt>"
    return "".join(
        [
            f" <Ntry>{_amount(line.amount, currency)}{_mark(line.amount)}",
            f"<Sts>{'PDNG' if line.is_pending else 'BOOK'}</Sts>{booked_and_value}\n",
            f"  <AcctSvcrRef>{each.id}</AcctSvcrRef>{_exchange(line, currency)}\n",
            *(f"  <NtryDtls>{details}</NtryDtls>\n" for details in _details(line, currency)),
            f"  <AddtlNtryInf>{escape(line.bank_text)}</AddtlNtryInf></Ntry>\n",
        ]
    )


def _exchange(line: BankLine, currency: str) -> str:
    if line.exchange is None:
        return ""
    rate = f"<SrcCcy>{line.exchange.currency}</SrcCcy><TrgtCcy>{currency}</TrgtCcy>"
    rate += f"<XchgRate>{line.exchange.rate}</XchgRate>"
    instructed = _amount(line.exchange.amount, line.exchange.currency)
    return f"<AmtDtls><InstdAmt>{instructed}<CcyXchg>{rate}</CcyXchg></InstdAmt></AmtDtls>"


def _details(line: BankLine, currency: str) -> Iterator[str]:
    """The content of NtryDtls: the batch, and each payment with what its payer said."""
    count = f"<NbOfTxs>{len(line.payments)}</NbOfTxs>" if line.payments else ""
    batch = f"<Btch><PmtInfId>{line.batch}</PmtInfId>{count}</Btch>" if line.batch else ""
    payments = line.payments or ((Payment(line.amount, line.party, line.reference),) if _says_more(line) else ())
    if batch or payments:
        yield batch + "".join(_payment(payment, line, currency) for payment in payments)


def _says_more(line: BankLine) -> bool:
    return bool(line.party.name or line.reference or line.text)


def _payment(payment: Payment, line: BankLine, currency: str) -> str:
    amount = f"<AmtDtls><TxAmt>{_amount(payment.amount, currency)}</TxAmt></AmtDtls>" if line.payments else ""
    parties = _parties(payment.party, "Dbtr" if payment.amount > 0 else "Cdtr") if payment.party.name else ""
    returned = f"<RtrInf><Rsn><Cd>{line.return_reason}</Cd></Rsn></RtrInf>" if line.return_reason else ""
    return f"\n   <TxDtls>{amount}{parties}{_remittance(payment, line)}{returned}</TxDtls>"


def _parties(party: Party, role: str) -> str:
    account = f"<{role}Acct><Id><IBAN>{party.account}</IBAN></Id></{role}Acct>" if party.account else ""
    return f"<RltdPties><{role}><Nm>{escape(party.name)}</Nm></{role}>{account}</RltdPties>"


def _remittance(payment: Payment, line: BankLine) -> str:
    """A KID or another creditor reference is structured, everything else is text."""
    parts = f"<Ustrd>{escape(line.text)}</Ustrd>" if line.text else ""
    if payment.reference:
        kind = "<Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp>"
        parts += f"<Strd><CdtrRefInf>{kind}<Ref>{escape(payment.reference)}</Ref></CdtrRefInf></Strd>"
    return f"<RmtInf>{parts}</RmtInf>" if parts else ""
