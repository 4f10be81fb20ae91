"""Sample files that other projects publish: every statement, sum and balance that the importer makes of them.

Where these differ from what a crude reader found (INDEX.md beside the files): amounts with more non-zero decimals than
the currency, amounts in another currency than the account and a lone dot are quarantined, not summed; an amount behind
a currency sign and a balance like R$ 5.326,43 are read.
"""

from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.importers.ofx_told import told

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "ofx"

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the sample files are not there: shared/corpus/ofx beside the checkout"
)


class Expected(NamedTuple):
    """What a file holds. A statement is account, currency, entries, sum and closing balance."""

    version: str | None
    statements: tuple[tuple[str | None, str, int, str, str | None], ...] = ()
    quarantined: int = 0
    refused: str | None = None


EXPECTED = {
    "annacruz-ofx__cef_malformed_decimal.ofx": Expected(
        "102", (("0000000000001", "BRL", 0, "0.00", "0.00"),), quarantined=1
    ),
    "annacruz-ofx__creditcard.ofx": Expected("102", (("XXXXXXXXXXXX1111", "USD", 3, "-20.16", "-1111.01"),)),
    "annacruz-ofx__dtsof_balance_issue.ofx": Expected("102", (("1234", "BRL", 1, "-836.30", "0.00"),)),
    "annacruz-ofx__v211.ofx": Expected(
        "211", (("123456", "USD", 1, "-80.00", "2156.56"), ("123412341234", "USD", 2, "327.00", "-562.00"))
    ),
    "asgrim-ofxparser__ofxdata-bb-two-stmtrs.ofx": Expected(
        "102", (("455000-5", "BRL", 0, "0.00", "0.00"), ("655000-2", "BRL", 36, "-3648.66", "4555.28"))
    ),
    "asgrim-ofxparser__ofxdata-bpbfc.ofx": Expected("102", (("XXXXXXXXXXX", "EUR", 6, "-53.49", "10000.00"),)),
    "asgrim-ofxparser__ofxdata-cmfr.ofx": Expected("102", (("XXXXXXXXXX", "EUR", 42, "-13491.59", "10000.00"),)),
    "asgrim-ofxparser__ofxdata-credit-card.ofx": Expected(
        "102", (("1234567891234567", "GBP", 1, "-100.00", "-500.00"),)
    ),
    "asgrim-ofxparser__ofxdata-emptyDateTime.ofx": Expected("102", ((None, "AUD", 2, "487.50", None),)),
    "asgrim-ofxparser__ofxdata-investments-oneline-xml.ofx": Expected("202", (("1234567890", "USD", 0, "0.00", None),)),
    "asgrim-ofxparser__ofxdata-investments-xml.ofx": Expected("202", (("1234567890", "USD", 1, "1234.56", None),)),
    "asgrim-ofxparser__ofxdata-memoWithAmpersand.ofx": Expected(
        "102", (("99999999-9999-9999-9999-999999999999", "BRL", 16, "393.82", "-734.05"),)
    ),
    "asgrim-ofxparser__ofxdata-xml.ofx": Expected("200", (("098-121", "USD", 3, "250.00", "5250.00"),)),
    "asgrim-ofxparser__ofxdata.ofx": Expected("103", (("098-121", "USD", 3, "250.00", "5250.00"),)),
    "jseutter-ofxparse__anzcc.ofx": Expected("203", (("1234123412341234", "AUD", 1, "-5.50", "-123.45"),)),
    "jseutter-ofxparse__checking.ofx": Expected("102", (("1452687~7", "USD", 3, "-59.50", "100.99"),)),
    "jseutter-ofxparse__decimal_error.ofx": Expected(None, (("192639749", "CAD", 1, "120.00", "0.00"),)),
    "jseutter-ofxparse__empty_balance.ofx": Expected(None, (("192639749", "CAD", 1, "120.00", None),)),
    "jseutter-ofxparse__fidelity-savings.ofx": Expected(
        "102", (("X0000001", "USD", 1, "-1500.00", None),), quarantined=3
    ),
    "jseutter-ofxparse__investment_medium.ofx": Expected("102", (("ABC123", "CAD", 0, "0.00", None),), quarantined=3),
    "jseutter-ofxparse__multiple_accounts.ofx": Expected(
        "211", (("9100", "USD", 0, "0.00", "111.00"), ("9200", "USD", 0, "0.00", "222.00"))
    ),
    "jseutter-ofxparse__signon_fail.ofx": Expected("102", refused="no_statement"),
    "jseutter-ofxparse__suncorp.ofx": Expected("200", (("123456789", "AUD", 1, "-16.85", "1234.12"),)),
    "jseutter-ofxparse__td_ameritrade.ofx": Expected("102", (("121212121", "USD", 0, "0.00", None),)),
    "jseutter-ofxparse__tiaacref.ofx": Expected("102", (("111A111122B22233C333", "USD", 0, "0.00", None),)),
    "sebastienrousseau-bankstatementparser__sample.ofx": Expected(
        "102", (("BE4455667788", "EUR", 2, "1170.25", None),)
    ),
    "stoicflame-ofx4j__bank-of-america-profile.ofx": Expected("102", refused="no_statement"),
    "stoicflame-ofx4j__closing-tags.ofx": Expected("103", refused="no_statement"),
    "stoicflame-ofx4j__example-response.ofx": Expected("103", (("098-121", "USD", 1, "150.00", "5250.00"),)),
    "stoicflame-ofx4j__example-response2.ofx": Expected("102", refused="no_statement"),
    "stoicflame-ofx4j__mercantile-brokerage-services-profile.ofx": Expected("102", refused="no_statement"),
    "stoicflame-ofx4j__pag-seguro.ofx": Expected("100", (("12345678-1", "BRL", 3, "119.00", "5326.43"),)),
    "stoicflame-ofx4j__wells-fargo-investments-profile.ofx": Expected("102", refused="no_statement"),
    "stoicflame-ofx4j__whitespace-example.ofx": Expected("103", refused="no_statement"),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_published_file_gives_the_statements_that_were_checked_by_hand(name: str) -> None:
    expected = EXPECTED[name]

    answer = told((FOLDER / name).read_bytes())

    if expected.refused is not None:
        assert [reason.split()[0] for reason in answer["refused"]] == [expected.refused]
        return
    assert answer["version"] == expected.version
    assert tuple(_figures(statement) for statement in answer["statements"]) == expected.statements
    assert len(answer["quarantined"]) == expected.quarantined


def test_every_published_file_is_listed_here() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(EXPECTED)


def _figures(statement: dict[str, Any]) -> tuple[str | None, str, int, str, str | None]:
    closing = statement["closing"]
    account, currency, entries = statement["account"], statement["currency"], statement["entries"]
    return account, currency, entries, statement["sum"], closing and closing[0]
