"""Reads a plan file: strict, with the nearest valid name for whatever is wrong."""

import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from tieout.domain.matches import AdjustmentType
from tieout.domain.plans import (
    ACCIDENTAL_HITS_MAX,
    DAYS_WITH_REFERENCE,
    DAYS_WITHOUT_REFERENCE,
    LINES_MAX,
    STEPS_MAX,
    AdjustmentRule,
    Pass,
    Plan,
    PlanError,
)
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.money import AMOUNT
from tieout.kernel.names import did_you_mean
from tieout.matching.stage import COLUMN_OF

_PLAN_KEYS = ("name", "pass", "functional_currency")
_PASS_KEYS = ("matcher", "block", "days", "lines_max", "steps_max", "confirm", "accidental_hits_max", "adjust")
_ADJUST_KEYS = ("type", "name", "percent_max", "amount_max", "account")
_CONFIRM = ("only_answer", "propose")
_DAYS_MAX = 3_650
_LINES_MAX_MAX = 12
_POINTED = {"exact_reference": DAYS_WITH_REFERENCE, "reference_in_text": DAYS_WITH_REFERENCE}


def plan_of(text: str, file: str, matchers: Sequence[str]) -> Plan:
    """The plan that a TOML text describes.

    file: its name, for messages. matchers: names of the matchers there are.
    Raises PlanError, which says where and what to write instead.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PlanError(f"{file}: not valid TOML: {error}") from None
    return _Reader(file, matchers).plan(document)


class _Reader:
    def __init__(self, file: str, matchers: Sequence[str]) -> None:
        self._file, self._matchers = file, matchers

    def plan(self, document: Mapping[str, Any]) -> Plan:
        self._known(document, _PLAN_KEYS, "")
        name = self._text(document, "name", "", "plan")
        passes = document.get("pass", [])
        if not isinstance(passes, list) or not passes:
            raise self._error("pass", "a plan needs at least one [[pass]]")
        functional = document.get("functional_currency")
        if functional is not None and functional not in EXPONENTS:
            raise self._error("functional_currency", f"{functional!r} is not an ISO 4217 currency")
        read = tuple(self._pass(rule, f"pass {number}") for number, rule in enumerate(passes, 1))
        digest = hashlib.sha256(repr((name, functional, read)).encode()).hexdigest()
        return Plan(name, read, functional, digest)

    def _pass(self, rule: Mapping[str, Any], where: str) -> Pass:
        self._known(rule, _PASS_KEYS, where)
        matcher = self._choice(rule, "matcher", where, self._matchers, None)
        block = rule.get("block", ["currency", "counterparty"] if matcher == "sum_of_many" else ["currency"])
        for column in block:
            if column not in COLUMN_OF:
                raise self._error(
                    f"{where}, block", f"unknown column {column!r}; {did_you_mean(str(column), COLUMN_OF)}"
                )
        adjust = [self._adjust(each, f"{where}, adjust {n}") for n, each in enumerate(rule.get("adjust", []), 1)]
        return Pass(
            matcher=matcher,
            days=self._number(rule, "days", where, _POINTED.get(matcher, DAYS_WITHOUT_REFERENCE), _DAYS_MAX),
            block=tuple(block),
            lines_max=self._number(rule, "lines_max", where, LINES_MAX, _LINES_MAX_MAX),
            steps_max=self._number(rule, "steps_max", where, STEPS_MAX, 10**12),
            confirm=self._choice(rule, "confirm", where, _CONFIRM, "only_answer"),
            accidental_hits_max=self._share(rule, where),
            adjust=tuple(adjust),
        )

    def _adjust(self, rule: Mapping[str, Any], where: str) -> AdjustmentRule:
        self._known(rule, _ADJUST_KEYS, where)
        kind = self._choice(rule, "type", where, [each.value for each in AdjustmentType], None)
        amount_max = rule.get("amount_max")
        return AdjustmentRule(
            type=AdjustmentType(kind),
            name=self._text(rule, "name", where, kind),
            percent_max=self._decimal(rule.get("percent_max", "0"), f"{where}, percent_max"),
            amount_max=None if amount_max is None else self._decimal(amount_max, f"{where}, amount_max"),
            account=None if rule.get("account") is None else self._text(rule, "account", where, ""),
        )

    def _error(self, where: str, what: str) -> PlanError:
        return PlanError(f"{self._file}: {where}: {what}" if where else f"{self._file}: {what}")

    def _known(self, table: Mapping[str, Any], keys: Sequence[str], where: str) -> None:
        if not isinstance(table, Mapping):
            raise self._error(where, "a table of keys is expected here")
        for key in table:
            if key not in keys:
                raise self._error(where, f"unknown key {key!r}; {did_you_mean(key, keys)}")

    def _text(self, table: Mapping[str, Any], key: str, where: str, default: str) -> str:
        value = table.get(key, default)
        if not isinstance(value, str):
            raise self._error(f"{where} {key}".strip(), f"{value!r} is not a text; write it in quotes")
        return value

    def _choice(self, table: Mapping[str, Any], key: str, where: str, valid: Sequence[str], default: str | None) -> str:
        value = table.get(key, default)
        if value is None:
            raise self._error(where, f"{key} is missing; {did_you_mean('', valid)}")
        if value not in valid:
            raise self._error(f"{where}, {key}", f"unknown {key} {value!r}; {did_you_mean(str(value), valid)}")
        return str(value)

    def _number(self, table: Mapping[str, Any], key: str, where: str, default: int, largest: int) -> int:
        value = table.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= largest:
            raise self._error(f"{where}, {key}", f"{value!r} is not a whole number from 0 to {largest}")
        return value

    def _share(self, table: Mapping[str, Any], where: str) -> float:
        value = table.get("accidental_hits_max", ACCIDENTAL_HITS_MAX)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise self._error(f"{where}, accidental_hits_max", f"{value!r} is not a number from 0 to 1")
        return float(value)

    def _decimal(self, value: object, where: str) -> str:
        if not isinstance(value, str) or not AMOUNT.fullmatch(value) or value.startswith("-"):
            raise self._error(where, f'{value!r} is not an amount in quotes, like "3.5"')
        return re.sub(r"^0+(?=[0-9])", "", value)
