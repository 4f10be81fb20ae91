"""Sample files that other projects publish: what the importer makes of each, and why a proof fails where one does.

Figures equal those of a crude reader (INDEX.md beside the files) but for: pages 60F..62M, 60M..62F, one statement here;
balances without a currency (raphaelm), read here, and they hold; a balance of two numbers (headers), unreadable here.
"""

from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.importers.mt940_told import recognised, told

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "mt940"

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the sample files are not there: shared/corpus/mt940 beside the checkout"
)


class Gap(NamedTuple):
    """A proof that fails: by how much, and what its publisher did to the file."""

    amount: str
    why: str


class Expected(NamedTuple):
    """What a file holds; gaps and reasons in the order of its statements."""

    statements: int
    entries: int
    sums: dict[str | None, str] = {}  # noqa: RUF012, nobody writes to it
    holds: int = 0
    fails: tuple[Gap, ...] = ()
    unproved: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    pages: int | None = None  # of all statements together, where one has several
    recognised: str | None = "mt940"
    refused: str | None = None


EXPECTED = {
    "betterplace-mt940_parser__amount_formats.txt": Expected(
        1,
        0,
        {"EUR": "0.00"},
        unproved=("no_closing",),
        warnings=("repeated_field", "repeated_field", "repeated_field", "repeated_field", "repeated_field"),
    ),
    "betterplace-mt940_parser__empty_86.txt": Expected(0, 0, refused="no_statement"),
    "fruitl00p-php-mt940__Bunq_sample": Expected(1, 111, {"EUR": "-26.67"}, holds=1),
    "fruitl00p-php-mt940__Ing_sample": Expected(
        1, 7, {"EUR": "7.15"}, fails=(Gap("-3.68", "the last entry is there twice"),)
    ),
    "fruitl00p-php-mt940__Kbs_sample": Expected(1, 3, {"MKD": "1870.00"}, holds=1),
    "fruitl00p-php-mt940__Kbs_sample2": Expected(1, 7, {"MKD": "22755.00"}, holds=1),
    "fruitl00p-php-mt940__Knab_sample2": Expected(1, 1, {"EUR": "567.42"}, holds=1),
    "fruitl00p-php-mt940__Kontist_sample": Expected(1, 6, {"EUR": "395.76"}, holds=1),
    "fruitl00p-php-mt940__Zetb_sample": Expected(1, 8, {"NGN": "-3743.91"}, holds=1),
    "fruitl00p-php-mt940__sample": Expected(4, 5, {"EUR": "23853.22"}, holds=4),
    "fruitl00p-php-mt940__sample2": Expected(
        1, 4, {"EUR": "-812.00"}, fails=(Gap("601.50", "the entries were replaced to try years"),)
    ),
    "fruitl00p-php-mt940__sample3": Expected(
        1, 1, {"EUR": "100000.00"}, fails=(Gap("-100000.00", "no balance was filled in"),)
    ),
    "fruitl00p-php-mt940__sample4": Expected(
        1, 3, {"EUR": "-1779.39"}, fails=(Gap("19477.78", "entries were made up, the balances kept"),)
    ),
    "railslove-cmxl__mt940-deutsche_bank.txt": Expected(
        3, 16, {"DEM": "87.30", "EUR": "2200.00", "PLN": "10040.00"}, holds=3, warnings=("bad_date",)
    ),
    "railslove-cmxl__mt940-headers.txt": Expected(
        1, 1, {"INR": "1368378.92"}, unproved=("no_closing",), warnings=("no_booking_date", "unreadable_balance")
    ),
    "railslove-cmxl__mt940-with-colon-after-line-break.txt": Expected(
        1, 1, {"DEM": "-6800.00"}, unproved=("no_closing",)
    ),
    "railslove-cmxl__mt940.txt": Expected(
        4, 27, {"DEM": "174.60", "EUR": "2200.00", "PLN": "10040.00"}, holds=4, warnings=("bad_date",)
    ),
    "sandermarechal-jejik-mt940__K4262927_20200905-080000-952.txt": Expected(
        1, 1, {"EUR": "230.00"}, unproved=("no_closing",)
    ),
    "sandermarechal-jejik-mt940__commerzbank.txt": Expected(
        1, 1, {"EUR": "-12.35"}, fails=(Gap("12.35", "the balances were wiped"),)
    ),
    "sandermarechal-jejik-mt940__deutschebank.txt": Expected(
        1, 1, {"EUR": "-12.35"}, fails=(Gap("12.35", "the balances were wiped"),)
    ),
    "sandermarechal-jejik-mt940__ing-dos.txt": Expected(
        1, 7, {"EUR": "-45.59"}, fails=(Gap("49.06", "the first entry lost its credit mark, the last one was added"),)
    ),
    "sandermarechal-jejik-mt940__knab.txt": Expected(
        2, 3, {"EUR": "-6260.00"}, holds=1, fails=(Gap("4500.00", "7260,00 stands where the balances need 2760,00"),)
    ),
    "sandermarechal-jejik-mt940__oldenburgischelandesbankmitbindestrich.txt": Expected(
        1, 1, {"EUR": "1727.00"}, fails=(Gap("-281725.57", "the closing balance was wiped"),)
    ),
    "sandermarechal-jejik-mt940__postfinance.txt": Expected(
        1, 4, {"CHF": "159.40"}, fails=(Gap("0.20", "one of the amounts is off by 0,20"),), pages=2
    ),
    "sandermarechal-jejik-mt940__rabobank-iban.txt": Expected(2, 4, {"EUR": "-70.00"}, holds=2),
    "sandermarechal-jejik-mt940__rabobank.txt": Expected(
        4,
        5,
        {"EUR": "-1589.09"},
        holds=2,
        fails=(
            Gap("1135.93", "entries of other days were put together"),
            Gap("236.56", "an entry of another month was put in"),
        ),
    ),
    "sandermarechal-jejik-mt940__sparkasse_interim_balance.txt": Expected(3, 2, {"EUR": "-40.00"}, holds=3),
    "sandermarechal-jejik-mt940__triodos.txt": Expected(
        1, 2, {"EUR": "-715.70"}, fails=(Gap("111.40", "entries were left out"),)
    ),
    "sandermarechal-jejik-mt940__volksbankenraiffeisenbanken.txt": Expected(8, 12, {"EUR": "745.00"}, holds=8),
    "sebastienrousseau-bankstatementparser__sample.mt940": Expected(1, 2, {"EUR": "1170.25"}, holds=1),
    "wolph-mt940__account_identification.sta": Expected(2, 0, {None: "0.00"}, unproved=("no_balances", "no_balances")),
    "wolph-mt940__currency_in_25.sta": Expected(0, 0, refused="no_statement"),
    "wolph-mt940__details_60-63.sta": Expected(
        1, 1, {"EUR": "-233.15"}, fails=(Gap("234.01", "the balances were made up"),)
    ),
    "wolph-mt940__generic.sta": Expected(2, 2, {"EUR": "-20.00"}, holds=2),
    "wolph-mt940__gv_codes.sta": Expected(1, 2, {"EUR": "-257.45"}, unproved=("no_closing",)),
    "wolph-mt940__invalid_statement.sta": Expected(0, 0, recognised=None),
    "wolph-mt940__knab.sta": Expected(
        2, 3, {"EUR": "-6260.00"}, holds=1, fails=(Gap("4500.00", "7260,00 stands where the balances need 2760,00"),)
    ),
    "wolph-mt940__long_statement_number.sta": Expected(1, 0, {"TRY": "0.00"}, holds=1),
    "wolph-mt940__missing_crlf_at_end.sta": Expected(1, 0, {"EUR": "0.00"}, unproved=("no_opening",)),
    "wolph-mt940__mt940.txt": Expected(31, 8, {"EUR": "56.94"}, holds=31),
    "wolph-mt940__postfinance.sta": Expected(
        1, 4, {"CHF": "159.40"}, fails=(Gap("0.20", "one of the amounts is off by 0,20"),), pages=2
    ),
    "wolph-mt940__rabobank-iban.sta": Expected(2, 4, {"EUR": "-70.00"}, holds=2),
    "wolph-mt940__rabobank.sta": Expected(
        4,
        5,
        {"EUR": "-1589.09"},
        holds=2,
        fails=(
            Gap("1135.93", "entries of other days were put together"),
            Gap("236.56", "an entry of another month was put in"),
        ),
    ),
    "wolph-mt940__raiffeisen-cmi.sta": Expected(
        1, 7, {"HUF": "-1012213.50"}, fails=(Gap("1123264.00", "the amounts were made up"),)
    ),
    "wolph-mt940__raphaelm.sta": Expected(2, 9, {"DEM": "95000.00"}, holds=2, pages=3),
    "wolph-mt940__sepa_mt9401.sta": Expected(20, 97, {"EUR": "-9269135.90"}, holds=20, pages=26),
    "wolph-mt940__sepa_snippet.sta": Expected(
        2, 11, {"EUR": "-2143323.39"}, holds=1, fails=(Gap("300.08", "300,00 in became 0,08 out"),)
    ),
    "wolph-mt940__sepa_snippet_broken.sta": Expected(
        1, 1, {"EUR": "50990.05"}, fails=(Gap("307603.86", "entries were left out"),), warnings=("misplaced_field",)
    ),
    "wolph-mt940__sns.sta": Expected(2, 2, {"EUR": "-25.00"}, holds=2),
    "wolph-mt940__sparkassen.sta": Expected(1, 1, {None: "30.00"}, unproved=("no_balances",)),
    "zilverline-mt940__abn_structured_sepa_ideal.txt": Expected(
        1, 1, {"EUR": "10.50"}, fails=(Gap("-0.50", "10,5 stands where the balances need 10,00"),)
    ),
    "zilverline-mt940__cntp_without_description.txt": Expected(1, 1, {"EUR": "-1500.00"}, holds=1),
    "zilverline-mt940__deutsche_bank.txt": Expected(
        1, 2, {"EUR": "4.00"}, fails=(Gap("1.87", "the closing balance was made up"),)
    ),
    "zilverline-mt940__eu_incasso_with_spaces_in_sepa.txt": Expected(1, 1, {"EUR": "-50.00"}, holds=1),
    "zilverline-mt940__failing.txt": Expected(1, 1, {"EUR": "-50.00"}, holds=1),
    "zilverline-mt940__fix_rabo_twice_remi.txt": Expected(1, 1, {"EUR": "1000.00"}, holds=1),
    "zilverline-mt940__import-16-06-2014.txt": Expected(
        1, 2, {"EUR": "-137.21"}, fails=(Gap("16355.61", "entries were left out"),)
    ),
    "zilverline-mt940__ing_dash_in_customer_reference.txt": Expected(1, 1, {"EUR": "-100.00"}, holds=1),
    "zilverline-mt940__ing_references_fix.txt": Expected(1, 1, {"EUR": "-100.00"}, holds=1),
    "zilverline-mt940__ing_structured.txt": Expected(
        1, 7, {"EUR": "-6816.00"}, fails=(Gap("6716.00", "the balances were made up"),)
    ),
    "zilverline-mt940__knab_invalid.txt": Expected(2, 2, {"EUR": "-57.50"}, holds=1, unproved=("no_closing",)),
    "zilverline-mt940__knab_sepa_acceptgiro.txt": Expected(1, 1, {"EUR": "-10.00"}, holds=1),
    "zilverline-mt940__knab_sepa_ideal.txt": Expected(1, 1, {"EUR": "-1.00"}, holds=1),
    "zilverline-mt940__line_break_in_remi.txt": Expected(1, 1, {"EUR": "1000.00"}, holds=1),
    "zilverline-mt940__mt940_iban.txt": Expected(1, 21, {"EUR": "-190.45"}, holds=1),
    "zilverline-mt940__rabobank.txt": Expected(23, 11, {"EUR": "-10755.68"}, holds=23),
    "zilverline-mt940__rabobank_mt940_structured_multi_line.txt": Expected(
        1, 2, {"EUR": "-100.01"}, fails=(Gap("200.01", "the balances were made up"),)
    ),
    "zilverline-mt940__rabobank_mt940_structured_savings_account.txt": Expected(1, 1, {"EUR": "100.00"}, holds=1),
    "zilverline-mt940__rabobank_mt940_structured_to_savings_account.txt": Expected(1, 1, {"EUR": "100.00"}, holds=1),
    "zilverline-mt940__rabobank_with_debet_previous_balance.txt": Expected(1, 0, {"EUR": "0.00"}, holds=1),
    "zilverline-mt940__sns.txt": Expected(16, 4, {"EUR": "45012.45"}, holds=16),
    "zilverline-mt940__to_private_account_86.txt": Expected(1, 1, {"EUR": "-153.14"}, holds=1),
    "zilverline-mt940__triodos_multiline_bug.txt": Expected(
        1, 1, {"EUR": "-122.28"}, fails=(Gap("-556.18", "entries were left out"),)
    ),
    "zilverline-mt940__unknown.txt": Expected(
        1, 6, {"EUR": "-46.59"}, fails=(Gap("50.06", "the first entry lost its credit mark"),)
    ),
    "zilverline-mt940__unstructured_remi.txt": Expected(1, 2, {"EUR": "-20.00"}, holds=1),
    "zilverline-mt940__unstructured_remi_2.txt": Expected(1, 1, {"EUR": "-10.00"}, holds=1),
    "zilverline-mt940__unstructured_remi_with_space_in_remi.txt": Expected(1, 1, {"EUR": "-38.42"}, holds=1),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_published_file_gives_the_statements_that_were_checked_by_hand(name: str) -> None:
    expected = EXPECTED[name]

    raw = (FOLDER / name).read_bytes()
    answer = told(raw)

    assert recognised(raw) == expected.recognised
    if expected.refused is not None or expected.recognised is None:
        assert [reason.split()[0] for reason in answer["refused"]] == [expected.refused or "no_statement"]
        return
    assert _found(answer) == expected._replace(fails=tuple(Gap(gap.amount, "") for gap in expected.fails))
    assert answer["quarantined"] == []


def test_every_published_file_is_listed_here() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(EXPECTED)


def _found(answer: dict[str, Any]) -> Expected:
    statements = answer["statements"]
    sums: dict[str | None, Decimal] = {}
    for statement in statements:
        sums[statement["currency"]] = sums.get(statement["currency"], Decimal()) + Decimal(statement["sum"])
    pages = sum(statement["pages"] for statement in statements)
    return Expected(
        statements=len(statements),
        entries=sum(statement["entries"] for statement in statements),
        sums={currency: str(total) for currency, total in sums.items()},
        holds=sum(statement["holds"] is True for statement in statements),
        fails=tuple(Gap(statement["gap"], "") for statement in statements if statement["holds"] is False),
        unproved=tuple(statement["reason"] for statement in statements if statement["holds"] is None),
        warnings=tuple(warning.split()[0] for warning in answer["warnings"]),
        pages=pages if pages > len(statements) else None,
    )
