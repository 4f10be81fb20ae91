"""The story of the example company as a specification: what becomes of each hard case."""

import pytest

from tests.examples.company import Case, cases, said


def test_a_kid_or_a_bill_number_ties_a_payment_by_itself() -> None:
    assert said("NOK 05-06/1", "2600476") == "confirmed by exact_reference"
    assert said("NOK 05-07/1", "AP-0414") == "confirmed by exact_reference"


def test_a_document_number_is_found_in_the_text_however_it_is_written() -> None:
    assert said("EUR 05-05/1", "EX-2026-0037") == "confirmed by reference_in_text"
    assert said("NOK 05-19/3", "AP-0419") == "confirmed by reference_in_text"
    assert said("BRL 05-05/1", "NF-004518") == "confirmed by reference_in_text"


def test_one_payment_pays_the_three_invoices_that_it_names() -> None:
    assert said("NOK 05-18/1", "2600450, 2600484, 2600518") == "confirmed by reference_in_text"


def test_a_credit_note_that_is_named_reduces_what_is_paid() -> None:
    invoices_less_credit = said("EUR 05-19/1", "EX-2026-0036, EX-2026-0039, EX-2026-0041")
    bill_less_credit = said("NOK 05-27/2", "AP-0423, AP-0424")

    assert (invoices_less_credit, bill_less_credit) == ("confirmed by reference_in_text",) * 2


def test_a_batch_entry_is_tied_to_the_documents_that_its_details_name() -> None:
    assert said("NOK 05-11/2", "2600534, 2600559, 2600567") == "confirmed by reference_in_text"
    assert said("NOK 04-20/1", "V04-03, V04-04, V04-05") == "confirmed by reference_in_text"


def test_two_instalments_that_name_an_invoice_pay_it_in_full() -> None:
    assert said("EUR 05-07/1", "EX-2026-0038") == "confirmed by reference_in_text"
    assert said("EUR 05-21/1", "EX-2026-0038") == "confirmed by reference_in_text"


def test_a_part_payment_leaves_the_rest_of_its_invoice_open() -> None:
    assert said("NOK 05-21/1", "2600591") == "confirmed by reference_in_text; 2318.00 NOK of 2600591 open"
    assert said("BRL 05-26/1", "NF-004523") == "confirmed by reference_in_text; 2375.20 BRL of NF-004523 open"


def test_the_only_sum_of_one_party_ties_a_payment_without_numbers() -> None:
    assert said("NOK 05-19/1", "2600468, 2600526, 2600609") == "confirmed by sum_of_many"
    assert said("NOK 05-20/5", "AP-0411, AP-0416, AP-0420") == "confirmed by sum_of_many"


def test_a_credit_note_takes_part_in_a_sum() -> None:
    assert said("NOK 05-20/3", "2600575, 2600625, 2600633") == "confirmed by sum_of_many"


def test_several_payments_without_numbers_pay_one_invoice() -> None:
    assert said("NOK 05-08/2, NOK 05-15/1, NOK 05-22/1", "2600500") == "confirmed by sum_of_many"


def test_a_rare_amount_or_a_known_customer_is_evidence_enough_for_one_pair() -> None:
    assert said("EUR 05-22/1", "EX-2026-0042") == "confirmed by amount_and_date"
    assert said("BRL 05-12/1", "NF-004521") == "confirmed by amount_and_date"


def test_two_open_invoices_of_one_amount_are_ambiguous_also_when_one_is_nearer() -> None:
    assert said("NOK 05-13/1", "2600583, 2600641") == "ambiguous; reference would decide"


def test_a_discount_is_a_leg_of_its_own_whoever_takes_it() -> None:
    assert said("NOK 05-13/2", "2600617") == "confirmed by reference_in_text; discount -192.00 NOK"
    assert said("EUR 05-12/1", "AP-0415") == "confirmed by reference_in_text; discount 55.00 EUR"


def test_a_card_fee_is_a_leg_where_the_document_is_named_and_a_guess_where_not() -> None:
    assert said("NOK 05-15/2", "2600682") == "confirmed by reference_in_text; fee -47.36 NOK"
    assert said("NOK 05-19/2", "NB-5107") == "proposed by sum_of_many; fee -21.12 NOK"


def test_a_short_payment_that_nothing_explains_stays_open_with_its_invoice() -> None:
    assert said("NOK 05-27/1", "2600666") == "open"


def test_documents_in_euro_paid_in_kroner_realise_a_gain_and_a_loss() -> None:
    legs_of_gain, legs_of_loss = (
        "exchange 36886.50 NOK; exchange -3150.00 EUR; realised 504.00 NOK",
        "exchange -21583.20 NOK; exchange 1840.00 EUR; realised -423.20 NOK",
    )

    assert said("NOK 05-20/6", "EX-2026-0040") == f"confirmed by reference_in_text; {legs_of_gain}"
    assert said("NOK 05-22/2", "AP-0417") == f"confirmed by reference_in_text; {legs_of_loss}"


def test_a_payout_that_names_itself_is_the_sum_of_its_orders_less_the_fee() -> None:
    orders = ", ".join(f"TO-{number}" for number in range(88412, 88420))

    assert said("NOK 05-20/4", orders) == "confirmed by batch_total; fee -349.52 NOK"


def test_a_payout_in_full_is_the_sum_of_its_orders_named_or_not() -> None:
    named, unnamed = (
        ", ".join(f"FO-{first + place}" for place in range(count)) for first, count in ((30117, 5), (30129, 6))
    )

    assert said("BRL 05-07/1", named) == "confirmed by batch_total"
    assert said("BRL 05-21/1", unnamed) == "confirmed by batch_total"


def test_orders_that_are_not_paid_out_yet_stay_open() -> None:
    assert said(books="TO-88431, TO-88432, TO-88433") == "open"


def test_a_payment_file_is_one_sum_on_the_bank_and_four_entries_in_the_books() -> None:
    assert said("NOK 03-25/1", "V03-18, V03-19, V03-20, V03-21") == "confirmed by batch_total"


def test_a_booked_payment_takes_the_invoice_that_it_settles_out_of_the_matching() -> None:
    assert said("NOK 05-11/1", "V05-06") == "confirmed by exact_reference"
    assert said(books="2600542") == "settled in the books"


def test_a_payment_of_february_arrives_in_march_and_a_cheque_four_days_late() -> None:
    assert said("NOK 03-02/1", "V02-01") == "confirmed by exact_reference"
    assert said("NOK 04-14/1", "V04-01") == "confirmed by exact_reference"
    assert said("BRL 05-22/1", "V05-12") == "confirmed by exact_reference"


def test_payments_on_their_way_stay_open_and_their_bills_do_not() -> None:
    assert said(books="V05-08, V05-09") == "open"
    assert said(books="V05-13") == "open"
    assert said(books="AP-0425, AP-0426") == "settled in the books"


def test_two_equal_coffees_are_two() -> None:
    assert said("NOK 03-10/1", "V03-29") == "confirmed by amount_and_date"
    assert said("NOK 03-10/2", "V03-30") == "confirmed by amount_and_date"


def test_what_comes_every_month_in_one_amount_ties_to_the_entry_of_its_day() -> None:
    assert said("NOK 03-12/1", "V03-22") == "confirmed by amount_and_date"
    assert said("NOK 04-13/1", "V04-23") == "confirmed by amount_and_date"
    assert said("NOK 04-30/1", "V04-29") == "confirmed by amount_and_date"


def test_a_receipt_that_was_booked_twice_is_tied_once() -> None:
    assert said("NOK 04-08/1", "V04-16") == "confirmed by exact_reference"
    assert said(books="V04-17") == "open"


def test_digits_that_changed_places_are_shown_and_not_tied() -> None:
    assert said("NOK 04-09/1", "V04-18") == "proposed by reference_in_text"


def test_a_booked_transfer_ties_on_either_account() -> None:
    assert said("NOK 03-12/2", "V03-25") == "confirmed by amount_and_date"
    assert said("TAX 03-12/1", "V03-26") == "confirmed by amount_and_date"
    assert said("NOK 03-23/1", "V03-27") == "confirmed by amount_and_date"
    assert said("EUR 03-23/1", "V03-28") == "confirmed by amount_and_date"


def test_a_transfer_that_is_not_booked_ties_its_two_legs() -> None:
    assert said("NOK 05-12/3, TAX 05-12/1") == "confirmed by transfer"


def test_a_returned_direct_debit_proposes_to_undo_the_payment_and_keeps_the_charge() -> None:
    assert said("NOK 05-07/2", "2600492") == "confirmed by exact_reference"
    assert said("NOK 05-07/2, NOK 05-12/2") == "proposed by reversal; bank_charge 25.00 NOK; undo_and_reopen"


def test_what_the_bank_corrects_or_sends_back_cancels_out() -> None:
    assert said("NOK 05-18/2, NOK 05-19/4") == "confirmed by reversal"
    assert said("BRL 05-08/1, BRL 05-08/2") == "confirmed by reversal"


def test_the_second_payment_of_an_invoice_stays_open() -> None:
    assert said("NOK 05-20/1", "2600658") == "confirmed by exact_reference"
    assert said("NOK 05-20/2") == "open"


def test_a_text_that_names_a_paid_invoice_does_not_pay_an_open_one_of_its_amount() -> None:
    assert said("NOK 05-28/1", "2600690") == "open"


def test_money_without_a_document_and_a_document_without_money_stay_open() -> None:
    assert said("NOK 05-26/1") == "open"
    assert said(books="2600278") == "open"


def test_charges_interest_and_taxes_that_are_not_booked_stay_open() -> None:
    charged_and_earned = "NOK 05-29/1, NOK 05-29/2, TAX 05-29/1, EUR 05-29/1, EUR 05-29/2, BRL 05-29/1, BRL 05-29/2"

    assert said(charged_and_earned) == "open"
    assert said("BRL 05-20/1") == "open"


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in cases()])
def test_the_readme_says_of_each_case_what_the_result_says(case: Case) -> None:
    assert said(", ".join(case.bank), ", ".join(case.books)) == case.said


def test_the_readme_lists_every_case_of_the_story() -> None:
    assert len(cases()) >= 65
    assert len({case.name for case in cases()}) == len(cases())
