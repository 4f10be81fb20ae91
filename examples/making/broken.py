"""Files of the company with one fault each, to see what tieout says of them."""

from collections.abc import Mapping


def broken(made: Mapping[str, bytes]) -> dict[str, bytes]:
    """The damaged files by their path under `broken`. made: the company's files."""
    return {
        # The amount of one entry was overwritten; its neighbours and both balances are intact.
        "kroner-2026-05.xml": _replaced(made["bank/kroner-2026-05.xml"], b">14602.00<", b">14 6O2.00<"),
        # The line of an entry is gone, with its text.
        "euro-2026-05.sta": _without_entry(made["bank/euro-2026-05.sta"], b"C5412,30NTRF"),
        # A spreadsheet saved the books: an amount with a comma, a date of its own, a currency it guessed.
        "open_items.csv": _replaced(
            _replaced(
                _replaced(made["books/open_items.csv"], b",4475.00,2026-02-10,", b',"4475,00",2026-02-10,'),
                b"NOK,4116.00,2026-04-20,",
                b"NOK,4116.00,20.04.2026,",
            ),
            b",BRL,4318.70,",
            b",R$,4318.70,",
        ),
    }


def _replaced(content: bytes, found: bytes, instead: bytes) -> bytes:
    assert content.count(found) == 1, f"{found!r} is not there exactly once"
    return content.replace(found, instead)


def _without_entry(content: bytes, found: bytes) -> bytes:
    """Without the lines from the entry that contains `found` up to the next field 61 or 62."""
    lines = content.split(b"\r\n")
    (begin,) = (number for number, line in enumerate(lines) if found in line)
    end = next(number for number in range(begin + 1, len(lines)) if lines[number].startswith((b":61:", b":62F:")))
    return b"\r\n".join([*lines[:begin], *lines[end:]])
