"""What banks and payers write: remittance texts, and the ways in which names and numbers get damaged."""

from tieout.lab._dice import Dice
from tieout.lab._names import without_accents

_NAMING = (
    "Faktura {}",
    "Betaling faktura {}",
    "Invoice {}",
    "Payment of invoice {}",
    "Rechnung {}",
    "Rechnungsnr. {} vom 12.05.",
    "Pagamento fatura {}",
    "Ref {} tack",
)
_NAMING_SEVERAL = ("Fakturaer {}", "Invoices {}", "Rechnungen {}", "Betaling {} takk", "Faturas {}")
_PLAIN = (
    "Overføring",
    "Payment",
    "Vielen Dank",
    "Innbetaling",
    "Bank transfer",
    "Pagamento",
    "Überweisung",
    "",
)
_RETURNS = (
    "Return of payment",
    "Returned direct debit",
    "Retur av betaling",
    "Reversal of payment",
)
# Words of other languages that an engine need not know: used only where the reference is the same as well.
_FOREIGN_RETURNS = ("Rücklastschrift", "Estorno de pagamento", "Tilbakeført")
# Where banks cut names: MT940 27, OFX 32, MT940 35.
CUT_LENGTHS = (27, 32, 35)
# Texts also end at 65 (MT940), 70 and 140 (camt).
_FULL_LENGTHS = frozenset((*CUT_LENGTHS, 65, 70, 140))
# A name cut shorter than this no longer says who it is.
CUT_NAME_CLEAR_MIN = 20


def normalised(number: str) -> str:
    """A document number as it is compared: letters and digits in upper case."""
    return "".join(mark for mark in number if mark.isalnum()).upper()


def naming(dice: Dice, numbers: list[str]) -> str:
    """A text that lists the numbers as the books write them."""
    if len(numbers) == 1:
        return dice.pick(_NAMING).format(numbers[0])
    return dice.pick(_NAMING_SEVERAL).format(dice.pick((", ", " ", " + ", "; ")).join(numbers))


def plain(dice: Dice) -> str:
    """A text without any number that could be a document's."""
    text = dice.pick(_PLAIN)
    return f"{text} {dice.between(1, 12)}/25" if text and dice.chance(150) else text


def returning(dice: Dice, knows_reference: bool) -> str:
    """A text of a returned payment; it always says `return`, `retur` or `reversal` where no reference is known."""
    return dice.pick(_FOREIGN_RETURNS if knows_reference and dice.chance(300) else _RETURNS)


def may_be_cut(text: str) -> bool:
    """Whether the text is as long as a bank's field, so that it may have named more."""
    return len(text) in _FULL_LENGTHS


def cut(dice: Dice, name: str) -> tuple[str, bool]:
    """The name as a bank cuts it, and whether it still says clearly who it is."""
    length = dice.pick(CUT_LENGTHS)
    return name[:length].rstrip(), len(name) <= length or length >= CUT_NAME_CLEAR_MIN


def in_capitals(name: str) -> str:
    """Upper case without accents, as old bank systems print it."""
    return without_accents(name).upper()


def misspelt(dice: Dice, name: str) -> str:
    """The name with one letter swapped, left out or doubled, after the first three letters of a word."""
    words = name.split(" ")
    long_words = [place for place, word in enumerate(words) if len(word) >= 6]
    if not long_words:
        return name + name[-1]
    place = dice.pick(long_words)
    word = words[place]
    at = dice.between(3, len(word) - 2)
    words[place] = dice.pick(
        (
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
        )
    )
    return " ".join(words)


def respaced(dice: Dice, number: str) -> str:
    """The number with its separators changed, still in whole parts: INV/2025/10000012, inv 2025 10000012."""
    changed = number.replace("-", dice.pick((" ", "/", ".", "")))
    return changed.lower() if dice.chance(300) else changed


def broken(number: str) -> str:
    """The number with a blank inside its digits, as a line break of 35 characters leaves it."""
    return f"{number[:-3]} {number[-3:]}"


def embedded(dice: Dice, number: str) -> str:
    """The number grown together with the words around it."""
    return f"{dice.pick(('faktura', 'betaling', 'rechnung'))}{number}{dice.pick(('takk', 'vom', 'ok'))}"
