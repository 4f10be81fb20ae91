"""Amounts are whole minor units with their sign: no float comes near them, and no sign is thrown away."""

import ast
from collections.abc import Iterator

import pytest

from tests.house.sources import Fault, Source, faults_in, planted, require_none, sources

EXACT = frozenset({"kernel", "domain", "proofs", "importers", "contracts"})
SIGNED = EXACT | {"matching", "exporters", "services"}

# Figures that are no money: matches to expect by chance, time taken, how much two names resemble each other.
NOT_MONEY = frozenset({"accidental_hits", "accidental_hits_max", "expectation", "seconds", "cutoff"})

_EXACTLY = "an amount is a whole number of minor units, a rate exact decimal text (docs/decisions.md)"
_WITH_SIGN = "the sign is the finding: compare with it; only days, distance and spread lose it, and are named so"
_DISTANCES = frozenset({"day", "days", "distance", "spread"})
_FLOATS = frozenset({"float", "float16", "float32", "float64", "floating", "Float32", "Float64"})


def floats(source: Source) -> Iterator[Fault]:
    """Uses of a float where amounts are read, kept or proved."""
    if source.package not in EXACT:
        return
    harmless = {id(part) for node in ast.walk(source.tree) if _is_no_money(node) for part in ast.walk(node)}
    for node in ast.walk(source.tree):
        if id(node) in harmless:
            continue
        match node:
            case ast.Constant(value=float(figure)):
                yield Fault(source.path, node.lineno, f"the float {figure}", _EXACTLY)
            case ast.Name(id=name, ctx=ast.Load()) | ast.Attribute(attr=name) if name in _FLOATS:
                yield Fault(source.path, node.lineno, f"the type {name}", _EXACTLY)


def _is_no_money(node: ast.AST) -> bool:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name.lower() in NOT_MONEY
        case ast.arg(arg=name) | ast.keyword(arg=str(name)):
            return name in NOT_MONEY
        case ast.FunctionDef(args=ast.arguments(args=[_, *_] as arguments)):
            return all(argument.arg in NOT_MONEY for argument in arguments)
    return False


def lost_signs(source: Source) -> Iterator[Fault]:
    """Absolute values where amounts are compared or written."""
    if source.package not in SIGNED:
        return
    harmless = {id(part) for node in ast.walk(source.tree) if _is_distance(node) for part in ast.walk(node)}
    for node in ast.walk(source.tree):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in ("abs", "absolute", "fabs"):
                if id(node) not in harmless:
                    yield Fault(source.path, node.lineno, ast.unparse(node), _WITH_SIGN)


def _is_distance(node: ast.AST) -> bool:
    match node:
        case ast.Assign(targets=[named]) | ast.AnnAssign(target=named):
            words = _words(named)
        case ast.Call():
            words = _words(node)
        case _:
            return False
    return not words.isdisjoint(_DISTANCES)


def _words(expression: ast.expr) -> set[str]:
    return {word for name in _names(expression) for word in name.split("_")}


def _names(expression: ast.expr) -> Iterator[str]:
    for node in ast.walk(expression):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                yield name


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("amount: float", "the type float"),
        ("def of(amount: float | None) -> None: ...", "the type float"),
        ("rate = 0.25", "the float 0.25"),
        ("amount = float(text)", "the type float"),
        ("amounts = np.zeros(3, dtype=np.float64)", "the type float64"),
    ],
)
def test_a_float_on_a_money_path_is_found(code: str, found: str) -> None:
    (fault,) = faults_in([planted(code)], floats)

    assert fault == f"src/tieout/domain/planted.py:1: {found}; {_EXACTLY}"


def test_the_hits_to_expect_by_chance_are_no_money() -> None:
    code = "ACCIDENTAL_HITS_MAX = 0.001\naccidental_hits: float\ndef shown(expectation: float) -> float: ..."

    assert faults_in([planted(code)], floats) == []


@pytest.mark.parametrize("code", ["gap = abs(closing - computed)", "gap = np.abs(residuals)", "sums = column.abs()"])
def test_an_absolute_residual_is_found(code: str) -> None:
    (fault,) = faults_in([planted(code)], lost_signs)

    assert fault.endswith(_WITH_SIGN)


@pytest.mark.parametrize("code", ["apart = abs(booking_day - value_day)", "spread = int(np.abs(amounts).sum())"])
def test_a_distance_may_lose_its_sign(code: str) -> None:
    assert faults_in([planted(code)], lost_signs) == []


def test_no_float_comes_near_an_amount() -> None:
    require_none(faults_in(sources("src"), floats))


def test_no_sign_of_an_amount_is_thrown_away() -> None:
    require_none(faults_in(sources("src"), lost_signs))
