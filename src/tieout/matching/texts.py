"""Texts made comparable: references, party names, document numbers inside a bank's text.

Every rule works on one text at a time and in plain Python. Those that a million texts are put to stand in
`text_columns` and `named_documents` once more, for whole columns; tests hold the two together.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from rapidfuzz import fuzz

# A last run this short belongs to a date or an amount more often than to a document.
TAIL_LENGTH_MIN = 4
# What banks write where there is no reference.
NO_REFERENCE = frozenset({"NOTPROVIDED", "NONREF", "NOREF", "NONE", "NULL", "UNKNOWN", "NAOINFORMADO"})
# Shorter ones, and those without a digit, are words or counters: found everywhere, they decide nothing.
REFERENCE_LENGTH_MIN = 3

_SEPARATORS = re.compile(r"[^0-9A-Za-z]+")
# The same for texts of ASCII marks only, three times as fast.
_PLAIN = dict.fromkeys(code for code in range(128) if not chr(code).isalnum())
_DIGIT = re.compile(r"[0-9]")
_RUN = re.compile(r"[0-9A-Za-z]+")
# A document number is written in at most so many runs of letters and digits: INV-2026-05-0012.
RUNS_MAX = 5

# What stands for any letter and any digit in the shape of a number.
SHAPE_LETTER, SHAPE_DIGIT = "A", "9"
_SHAPES = str.maketrans("BCDEFGHIJKLMNOPQRSTUVWXYZ012345678", SHAPE_LETTER * 25 + SHAPE_DIGIT * 9)

_DOTS = re.compile(r"[.'’`´]")
# The slash of A/S and I/S, and not the one between two names.
_LETTERS_APART = re.compile(r"(?<=\b[A-Z])/(?=[A-Z]\b)")
_NOT_A_WORD = re.compile(r"[^0-9A-Z]+")
# Legal forms say nothing about who somebody is, and banks drop them.
_LEGAL_FORMS = frozenset(
    "AS ASA AB AG GMBH MBH KG OHG UG SE SA SAS SARL SL SRL SPA BV NV OY OYJ APS LTD LIMITED LLC LLP PLC INC CO CORP "
    "LTDA EIRELI ME EPP MEI CIA ENK DA ANS AND UND OG ET E Y I".split()
)
# What banks call their own charges, interest and transfers between accounts of one holder, where our users bank.
_BANK_MOVEMENT = re.compile(
    r"\b(?:fees?|charges?|interest|gebyr|omkostning(?:er)?|renter?|geb[uü]hr(?:en)?|entgelt|zinsen|kosten|frais|agios"
    r"|tarifas?|juros|iof|rendimentos?|comisi[oó]n|intereses|avgift|provision"
    r"|umbuchung|[uü]bertrag|egen konto|own (?:transfer|account)|sweep|entre contas|mesma titularidade)\b",
    re.IGNORECASE,
)
# Widths at which banks cut a text: MT940 27, OFX 32, MT940 35 and 65, camt 70 and 140.
_CUT_LENGTHS = frozenset({27, 32, 35, 65, 70, 140})
# Chosen by judgement, not fitted: one slip in eight letters still scores 88, and below 70 little is left in common.
_SAME_NAME_SCORE = 88
_OTHER_NAME_SCORE = 70


def reference_key(text: str) -> str:
    """The reference as it is compared: ASCII letters and digits in upper case, all-digit ones without leading zeros.

    Empty where the text is no reference at all.
    """
    key = _plain(text)
    if key.isdigit():
        key = key.lstrip("0")
    return "" if len(key) < REFERENCE_LENGTH_MIN or key in NO_REFERENCE else key


def _plain(text: str) -> str:
    return (text.translate(_PLAIN) if text.isascii() else _SEPARATORS.sub("", text)).upper()


def party_key(name: str) -> str:
    """The name as it is compared: upper case, no accents, no punctuation, no legal form."""
    plain = name.upper() if name.isascii() else _without_accents(name)
    words = _NOT_A_WORD.sub(" ", _LETTERS_APART.sub("", _DOTS.sub("", plain))).split()
    telling = [word for word in words if word not in _LEGAL_FORMS]
    return " ".join(telling or words)


def _without_accents(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).upper()
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark))
    return plain.replace("Ø", "O").replace("Æ", "AE").replace("Đ", "D")


def account_key(text: str) -> str:
    """The account number as it is compared: ASCII letters and digits, upper case, no leading zeros."""
    return _plain(text).lstrip("0")


def is_cut(text: str) -> bool:
    """Whether the text fills a field to its end, so that the bank probably cut it."""
    return len(text) in _CUT_LENGTHS


def says_bank_movement(text: str) -> bool:
    """Whether the text calls the line a charge, interest or a transfer between own accounts."""
    return _BANK_MOVEMENT.search(text) is not None


def ends_with_reference(text: str, reference: str) -> bool:
    """Whether the last thing a text says is the reference, whole."""
    return _SEPARATORS.sub("", text).upper().endswith(_SEPARATORS.sub("", reference).upper())


def shape_of(key: str) -> str:
    """The pattern of a reference key: INV2026001 is AAA9999999; empty for what is too short to tell."""
    return _shape(key) if _tells_enough(key) else ""


def _shape(key: str) -> str:
    # Bare numbers of one length are everywhere; those of one series also begin alike.
    return key[:2] + key[2:].translate(_SHAPES) if key.isdigit() else key.translate(_SHAPES)


@lru_cache(maxsize=1 << 18)
def resemblance(left: str, right: str) -> int:
    """How two party keys compare: 1 the same party, -1 resembling nothing, 0 undecided."""
    if left == right:
        return 1
    # Nobody misspells the first letter, but Obersæter and Ebersæter are two farms.
    if min(len(left), len(right)) >= 8 and left[0] == right[0] and fuzz.ratio(left, right) >= _SAME_NAME_SCORE:
        return 1
    words, others = set(left.split()), set(right.split())
    if words == others:
        return 1
    shared = sum(map(len, words & others))
    telling = min(sum(map(len, words)), sum(map(len, others)))
    if 2 * shared >= telling or left.startswith(right) or right.startswith(left):
        return 0
    return -1 if fuzz.ratio(left, right) < _OTHER_NAME_SCORE else 0


class DocumentIndex:
    """Finds document numbers inside texts: whole ones only, however their parts are separated.

    INV-2026-001 is found in `paym. INV 2026/001` and in `INV2026001`, and not in `2026001`.
    """

    def __init__(self, written: Mapping[str, tuple[str, int]]) -> None:
        """written: a reference as the books write it, to its key and code."""
        self._codes: dict[str, int] = {}  # of the keys that tell enough
        self._tails: set[str] = set()  # what may stand last when a document is named
        for text, (key, code) in written.items():
            if _tells_enough(key):
                self._codes[key] = code
                self._tails.add(key)
                runs = _RUN.findall(text.upper())
                for start in range(1, len(runs)):
                    self._tails.add("".join(runs[start:]))
        shapes = {key: _shape(key) for key in self._codes}
        self.shapes = {shape: number for number, shape in enumerate(sorted(set(shapes.values())))}
        self.shape_of_code = {self._codes[key]: self.shapes[shape] for key, shape in shapes.items()}
        self._tail_shapes = {tail.translate(_SHAPES) for tail in self._tails if len(tail) >= TAIL_LENGTH_MIN}

    def read(self, runs: list[str]) -> tuple[list[int], list[int]]:
        """Codes of the documents that a text names, and the shapes of numbers that look like one and are none.

        runs: what `runs_of` made of the text. Both answers in order of appearance, each code once.
        """
        found: list[int] = []
        foreign: list[int] = []
        tails = self._tails
        for place, run in enumerate(runs):
            if run in tails or (not run.isalpha() and self._has_tail_shape(run)):
                joined = _joined_runs(runs, place)
                named = [self._codes[each] for each in joined if each in self._codes]
                found += [code for code in named if code not in found]
                if not named:
                    shapes = [self.shapes[shape] for each in joined if (shape := shape_of(each)) in self.shapes]
                    foreign += [shape for shape in shapes if shape not in foreign]
        return found, foreign

    def _has_tail_shape(self, run: str) -> bool:
        return len(run) >= TAIL_LENGTH_MIN and run.translate(_SHAPES) in self._tail_shapes


def runs_of(text: str) -> list[str]:
    """The runs of letters and digits in a text, in upper case; none where no digit is: it names no document."""
    return _RUN.findall(text.upper()) if _DIGIT.search(text) else []


def _joined_runs(runs: list[str], place: int) -> list[str]:
    """The run that ends a number, alone and with up to four runs before it: [001, 2026001, INV2026001]."""
    last = runs[place]
    joined = [last, last.lstrip("0")] if last[0] == "0" else [last]
    for run in reversed(runs[max(0, place - RUNS_MAX + 1) : place]):
        last = run + last
        joined.append(last)
    return joined


def _tells_enough(key: str) -> bool:
    # A bare number of four digits is a year or a counter as often as a document.
    return len(key) >= 5 or (len(key) >= 4 and not key.isdigit() and any(mark.isdigit() for mark in key))
