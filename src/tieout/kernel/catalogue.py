"""Every code that tieout says, with its meaning and what to do: the one source of docs/errors.md.

A code is a promise: scripts test for it. The words may improve.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """What a code means and what its reader can do about it."""

    meaning: str
    advice: str


# A file that cannot be read at all: `refused` in `tieout check --json`, exit status 2.
REFUSED: dict[str, Entry] = {
    "empty": Entry(
        "The file holds no bytes, or the archive no files.", "export it again; the download may have failed"
    ),
    "unknown_format": Entry(
        "The content is not one of the formats that tieout reads.",
        "export the account statement from the bank as camt.053, MT940, OFX or CSV",
    ),
    "needs_profile": Entry(
        "A table with columns that nobody recognises.",
        "name its columns as in the canonical CSV, or choose a profile with --profile",
    ),
    "doctype": Entry(
        "The XML declares a document type, which can hide text or read other files.",
        "ask the sender for the file without <!DOCTYPE>; banks never need one",
    ),
    "not_well_formed": Entry("The syntax breaks before any complete entry.", "export the file again"),
    "truncated": Entry("The file ends inside a statement.", "download it again, whole"),
    "too_large": Entry("The file, or what an archive unpacks to, exceeds the limit.", "split the file"),
    "too_deep": Entry(
        "Elements are nested deeper than any bank does it, or an archive lies inside an archive.",
        "export the file again, or unpack the outer archive",
    ),
    "no_statement": Entry(
        "A known format, but without any statement in it.",
        "choose the account statement in the bank's export, not a confirmation or a profile",
    ),
    "not_a_file": Entry("The path is a directory or a device.", "name the files in it, for example with a shell glob"),
    "not_found": Entry("There is no such file.", "check the path"),
    "not_readable": Entry("The operating system does not let this user read the file.", "check its permissions"),
    "archive_unreadable": Entry(
        "The archive is damaged, encrypted or packed in an unusual way.", "unpack it and name the files themselves"
    ),
    "reader_fault": Entry(
        "tieout itself failed on this file; other files of the call are read.",
        "report it with the message, which names the place in the code",
    ),
    "wrong_encoding": Entry("A cell of a canonical CSV is not UTF-8.", "save the file again as CSV UTF-8"),
    "wrong_separator": Entry(
        "The columns of a canonical CSV are not separated by commas.",
        "save it again with commas between the cells and points in the amounts",
    ),
    "missing_column": Entry(
        "A canonical CSV lacks a column that every line needs.",
        "the first row names the columns; id, amount, currency and booking_date are required, in small letters",
    ),
    "duplicate_column": Entry("Two columns of a canonical CSV have the same name.", "rename or remove one of them"),
    "unnamed_column": Entry("A column of a canonical CSV has no name.", "name the column, or remove its comma"),
}

# A row that cannot be read whole: `quarantined` in `tieout check --json`; `tieout reconcile` refuses a canonical CSV
# with such a row.
QUARANTINED: dict[str, Entry] = {
    "broken_quotes": Entry(
        "Quotation marks leave open where a cell ends.",
        'put the whole cell in quotation marks and double those inside: "a 12"" disc"',
    ),
    "wrong_cell_count": Entry(
        "A row has more or fewer cells than the header.",
        "put a cell that holds a comma in quotation marks; keep the commas of empty cells",
    ),
    "nul_byte": Entry("A cell holds a NUL character, which no text has.", "export the file again"),
    "empty_cell": Entry("A required cell is empty.", "fill it in"),
    "duplicate_id": Entry("Two lines have the same id.", "give every line an id of its own"),
    "not_an_amount": Entry(
        "An amount is not plain decimal text.",
        "write it like -1234.50: a point, no thousands separator, no blank, no currency sign",
    ),
    "too_many_decimals": Entry(
        "An amount has more decimals that are not zero than its currency.", "round it where it was made"
    ),
    "amount_out_of_range": Entry("An amount does not fit 64 bits of minor units.", "check the amount and its currency"),
    "unknown_currency": Entry(
        "A currency is not an ISO 4217 code with a minor unit.", "use the three capital letters, like NOK"
    ),
    "not_a_date": Entry("A day is not in the calendar or not written YYYY-MM-DD.", "write it like 2026-05-31"),
    "unknown_kind": Entry("A kind is not one that lines of this side may have.", "use one of the kinds, or none"),
    "not_a_rate": Entry("A rate is not a positive decimal number.", "write it like 11.50, or leave it empty"),
    "no_amount": Entry("An entry has no amount.", "look the entry up at the bank"),
    "ambiguous_amount": Entry(
        "A mark before three digits may group thousands or begin the decimals; nothing in the statement shows which.",
        "look the entry up at the bank",
    ),
    "other_currency": Entry(
        "An entry is in another currency than its account.", "look up what the bank booked in the account's currency"
    ),
    "ambiguous_correction": Entry(
        "An entry corrects an earlier one, but several have the id that it names.",
        "look at the bank which of them was corrected",
    ),
    "no_mark": Entry("An entry does not say whether it is a debit or a credit.", "look the entry up at the bank"),
    "cut_off": Entry("The file ends inside its last entry.", "download the file again, whole"),
    "broken_xml": Entry(
        "The XML of one entry is broken.", "export the file again; without the entry the balance proof shows the gap"
    ),
    "misplaced_amount": Entry(
        "An amount stands outside any entry, because a tag before it is broken.", "export the file again"
    ),
}

# Read all the same, but a reader should know.
WARNINGS: dict[str, Entry] = {
    "chain_gap": Entry(
        "A statement does not open with what the one before it closed with, for the same account and currency.",
        "look for a statement that is missing between the two",
    ),
    "number_gap": Entry(
        "Statement numbers leave one out within a year, where they otherwise run one by one or the balances break too.",
        "look for the statement with that number",
    ),
    "previous_unproved": Entry(
        "No opening balance shows that an account goes on from where the run before ended.",
        "look for lines that are missing between the two runs",
    ),
    "profile_not_used": Entry(
        "The profile that was chosen is one of another format.", "leave --profile out for this file"
    ),
    "similar_column": Entry(
        "An extra column is named almost like one of ours, which is therefore empty.",
        "rename it if it is meant to be that column",
    ),
    "no_booking_date": Entry(
        "An entry has no booking day, or one that is not in the calendar; it is counted.",
        "look the entry up at the bank when it is needed",
    ),
    "bad_date": Entry(
        "A value day or the day of a balance is not in the calendar.", "nothing; no amount depends on it"
    ),
    "unreadable_balance": Entry(
        "A balance is there, but its amount cannot be read.", "compare with the balance that the bank shows"
    ),
    "control_total": Entry(
        "A total or a count that the file states is not what it lists; the balance proof is not touched by it.",
        "compare the number and the sum of the entries with what the bank shows",
    ),
    "unreadable_total": Entry(
        "A total is there, but its number, currency or amount cannot be read.",
        "compare the number and the sum of the entries with what the bank shows",
    ),
    "misplaced_field": Entry(
        "A field of a statement stands where it means nothing; it is left out, or read as text of the entry before it.",
        "look at the place that is named; if the file was put together by hand, export it again",
    ),
    "repeated_field": Entry(
        "A statement has the same balance twice; the first one counts.",
        "look whether two statements have run together, and export them apart",
    ),
    "trades_left_out": Entry(
        "An investment statement has trades; only its bank transactions are counted.",
        "reconcile the trades against the broker's own report",
    ),
    "no_currency": Entry(
        "A provider's report does not name its currency; its amounts are shown with the decimals that it writes.",
        "choose the currency with --profile, for example --profile mercadopago-brl",
    ),
    "unknown_type": Entry(
        "A provider's report has a type of row that nobody knows; its rows count as adjustments with their own sign.",
        "look it up at the provider; the amounts and the proof are not touched by it",
    ),
    "row_differs": Entry(
        "Gross and fees of a row of a provider's report do not add up to its net; it counts as one entry of the net.",
        "look the row up at the provider; its fees cannot be told from its sale here",
    ),
    "damaged_id": Entry(
        "An id is a number like 2E+15: a spreadsheet has cut its digits, and it names nothing any more.",
        "download the report again and do not save it from a spreadsheet",
    ),
    "balance_break": Entry(
        "The balance after a row of a report is not the balance before it and the row's amount.",
        "look for rows that are missing or out of order there",
    ),
    "corrected_entry": Entry(
        "An entry of the statement replaces or deletes another one of it.", "nothing; the corrected one is not counted"
    ),
    "corrected_elsewhere": Entry(
        "An entry replaces or deletes one that is not in this file.", "look for the corrected one in an earlier file"
    ),
    "unclear_correction": Entry(
        "An entry names another one as corrected without saying how; both are counted.",
        "look at the bank which of them stands",
    ),
    "account_left_out": Entry(
        "The bank answered for one account with an error instead of a statement.", "download that account again"
    ),
    "end_tag_missing": Entry(
        "A part of a statement has no end tag; where it ends was told from what follows.",
        "compare the number of entries with what the bank shows",
    ),
    "balance_currency": Entry(
        "A balance is stated in another currency than the account is kept in; its figure is used.",
        "look up at the bank in which currency the account is kept",
    ),
    "unknown_status": Entry(
        "An entry has a status that its format does not know; it counts as pending.",
        "ask the bank whether it is booked",
    ),
    "details_differ": Entry(
        "The payments inside an entry do not add up to it; the entry counts.",
        "look at the bank for charges or a conversion",
    ),
    "missing_page": Entry(
        "A statement of several pages lacks one of them.", "download that page too, and check the pages together"
    ),
    "reversal_sign": Entry(
        "The proof fails, and it would hold if reversals had the other sign.",
        "read the file as the message says, if the bank marks reversals so",
    ),
}

# What `tieout reconcile` is given and cannot follow: its files, decisions and plan. It is said on standard error, exit
# status 2, before anything is matched.
RECONCILING: dict[str, Entry] = {
    "id_in_two_files": Entry(
        "Two canonical files of one side share an id.", "name a prefix for one of them: FILE=PREFIX:"
    ),
    "not_a_ledger": Entry(
        "The books are read from canonical CSV only, and this file is none.",
        "write them with the columns id, amount, currency, booking_date and what else you have",
    ),
    "plan": Entry("A plan has a key or a value that it cannot have.", "change it as the message says"),
    "unknown_column": Entry(
        "A file of decisions has a column that it cannot have.", "the columns are action, statement, ledger, reason"
    ),
    "unknown_action": Entry("A decision is none of confirm, reject and ignore.", "write one of the three"),
    "line_unknown": Entry(
        "A decision names a line that is in no file of that side.", "take the ids from lines.csv of a result"
    ),
    "line_twice": Entry("A decision names the same line twice.", "name it once"),
    "too_few_lines": Entry(
        "A decision names no line, or ties a line to none.", "name the lines that belong together, or ignore the line"
    ),
    "decisions_contradict": Entry(
        "Two decisions about the same lines exclude each other.", "keep one of the two decisions"
    ),
    "amounts_differ": Entry(
        "Lines that are to be confirmed do not add up to each other.",
        "add the line that is missing, or correct the ids",
    ),
    "previous_not_a_result": Entry(
        "The folder given with --previous holds no result, or a file of it was changed since.",
        "name a folder that `tieout reconcile --out` wrote",
    ),
    "previous_differs": Entry(
        "An account opens with another balance than the run before closed it with.",
        "give the statements between the two, or name the run that ends where these begin",
    ),
    "tied_line_changed": Entry(
        "A line that an earlier run tied comes again with another amount.",
        "give the changed line an id of its own, or run the earlier period again with it",
    ),
    "line_used_up": Entry(
        "Decisions use more of a line than there is.", "leave the line out of one of them, or correct the earlier one"
    ),
}

# A command or a call that cannot be right, or for which something is missing. It is said on standard error; the exit
# status is 2, and 3 where something is missing.
USAGE: dict[str, Entry] = {
    "usage": Entry("An option has a value that it cannot have.", "change it as the message says"),
    "out_is_a_file": Entry("The folder for a result is a file.", "name a folder; it is made where it is missing"),
    "out_has_other_files": Entry(
        "The folder for a result holds something that tieout did not write.",
        "move it away, or choose another folder; only an earlier result is replaced",
    ),
    "out_was_changed": Entry(
        "A file of an earlier result was changed, perhaps by notes in a spreadsheet.",
        "save it elsewhere, or choose another folder; an unchanged earlier result is replaced",
    ),
    "cannot_write": Entry(
        "The operating system does not let the result be written; an earlier one is as it was.",
        "look at permissions and free space, or choose another folder",
    ),
    "settings": Entry(
        "A setting of the process is unknown, or has a value that it cannot have.", "change it as the message says"
    ),
    "cannot_unseal": Entry(
        "Something kept encrypted does not open: the process has another secret key, or the row was changed.",
        "give the key that the database was used with, in TIEOUT_SECRET_KEY or beside the database",
    ),
    "missing": Entry(
        "A program, an extra or a service that the command needs is not there; the exit status is 3.",
        "install or start it as the message says, or do without it",
    ),
    "currency_mismatch": Entry("Two amounts in different currencies were combined.", "convert one of them first"),
}

# What is said of a database: by a command on standard error, with exit status 2; by a server in its log, beside the
# answer 500. No command comes as far as the last two.
STORE: dict[str, Entry] = {
    "store_unreachable": Entry(
        "The address of a database is none that tieout knows, or what stands there is no database.",
        "name another with --database or TIEOUT_DATABASE",
    ),
    "schema_missing": Entry(
        "The database was made by an older tieout, or is empty.",
        "run `tieout migrate`, which keeps what is there; back the database up before",
    ),
    "schema_newer": Entry(
        "The database was migrated by a newer tieout; nothing of it was changed.",
        "install the newer tieout, or name another database",
    ),
    "conflict": Entry(
        "Two rows exclude each other, as when two people do the same at one moment; nothing of the second was kept.",
        "ask again; report it where it stays",
    ),
    "cannot_keep": Entry(
        "A text has a NUL or half a surrogate pair in it, or a number needs more than 64 bits; nothing was kept.",
        "leave the character out, or give a smaller number",
    ),
}


def advice_on(code: str) -> str:
    """What to do about a code; empty for one that is in no table."""
    tables = (REFUSED, QUARANTINED, WARNINGS, RECONCILING, USAGE, STORE)
    return next((table[code].advice for table in tables if code in table), "")
