"""Which tax rate a line bears: the one it names, else the only equal one; never one that somebody has to guess."""

from hypothesis import given
from hypothesis.strategies import booleans, builds, integers, just, lists, none, sampled_from

from tieout.domain.tax_mapping import Direction, LineTax, RateThere, map_tax_rates

OUTPUT = RateThere("r-out", "p-out", "25 % output", 2500, "sales", active=True)
INPUT = RateThere("r-in", "p-in", "25 % input", 2500, "purchases", active=True)
FOOD = RateThere("r-food", "p-food", "15 % food", 1500, "both", active=True)
OLD = RateThere("r-old", "p-old", "24 % output", 2400, "sales", active=False)
ALL = (OUTPUT, INPUT, FOOD, OLD)


def a_line(vat_rate_id: str = "", value: int | None = None, tax: int = 0, number: int = 1) -> LineTax:
    return LineTax(number, vat_rate_id, value, tax)


def test_a_line_bears_the_rate_that_it_names() -> None:
    assert map_tax_rates([a_line("r-out", 1500)], ALL, "sales").platform_object_ids == ("p-out",)


def test_a_line_bears_the_only_equal_rate_of_its_direction() -> None:
    lines = [a_line(value=2500, tax=25_00), a_line(value=1500, number=2)]

    assert map_tax_rates(lines, ALL, "sales").platform_object_ids == ("p-out", "p-food")
    assert map_tax_rates(lines, ALL, "purchases").platform_object_ids == ("p-in", "p-food")


def test_a_line_without_tax_bears_none() -> None:
    assert map_tax_rates([a_line()], ALL, "sales").platform_object_ids == (None,)


def test_what_cannot_be_mapped_names_the_line_its_rate_and_what_there_is() -> None:
    mapping = map_tax_rates([a_line(value=2400, number=3)], ALL, "sales")

    assert mapping.platform_object_ids == ()
    assert mapping.problems == (
        'line 3: no rate of 24 % for sales exists there; there are: "15 % food" 15 %, "25 % output" 25 %',
    )


def test_several_equal_rates_ask_for_the_one_that_is_meant() -> None:
    twin = OUTPUT._replace(public_id="r-twin", name="25 % services")

    (problem,) = map_tax_rates([a_line(value=2500)], (*ALL, twin), "sales").problems

    assert '"25 % output" (r-out), "25 % services" (r-twin)' in problem
    assert "vat_rate_id" in problem


def test_a_named_rate_of_the_other_direction_or_no_longer_active_is_refused() -> None:
    mapping = map_tax_rates([a_line("r-in"), a_line("r-old", number=2), a_line("r-none", number=3)], ALL, "sales")

    assert [each.partition(":")[0] for each in mapping.problems] == ["line 1", "line 2", "line 3"]


def test_tax_whose_rate_nobody_said_is_not_guessed() -> None:
    (problem,) = map_tax_rates([a_line(tax=25_00)], ALL, "sales").problems

    assert "nobody said at which rate" in problem


RATES = lists(
    builds(
        RateThere,
        public_id=sampled_from(["r1", "r2", "r3", "r4"]),
        platform_object_id=sampled_from(["p1", "p2", "p3", "p4"]),
        name=just("rate"),
        effective_tax_rate=sampled_from([0, 1500, 2500]),
        direction=sampled_from(["sales", "purchases", "both"]),
        active=booleans(),
    ),
    max_size=5,
    unique_by=(lambda rate: rate.public_id, lambda rate: rate.platform_object_id),
)
LINES = lists(
    builds(
        LineTax,
        number=integers(1, 9),
        vat_rate_id=sampled_from(["", "", "r1", "r2", "elsewhere"]),
        tax_rate_value=none() | sampled_from([0, 1500, 2500, 2501]),
        tax_minor_units=integers(-1, 1),
    ),
    min_size=1,
    max_size=4,
)


@given(lines=LINES, rates=RATES, direction=sampled_from(["sales", "purchases"]))
def test_a_mapped_rate_is_active_of_the_direction_and_exactly_what_the_line_says(
    lines: list[LineTax], rates: list[RateThere], direction: Direction
) -> None:
    mapping = map_tax_rates(lines, rates, direction)

    assert bool(mapping.problems) != bool(mapping.platform_object_ids)
    by_id = {rate.platform_object_id: rate for rate in rates}
    for line, found in zip(lines, mapping.platform_object_ids, strict=bool(mapping.platform_object_ids)):
        if found is None:
            assert (line.vat_rate_id, line.tax_rate_value, line.tax_minor_units) == ("", None, 0)
            continue
        rate = by_id[found]
        assert rate.active
        assert rate.direction in (direction, "both")
        if line.vat_rate_id:
            assert rate.public_id == line.vat_rate_id
        else:
            equal = [
                each for each in rates if each.serves(direction) and each.effective_tax_rate == line.tax_rate_value
            ]
            assert equal == [rate]
