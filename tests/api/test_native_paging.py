"""Lists page by cursors that are good for their own list alone."""

from tests.api.given_server import Native

LINE = {"side": "ledger", "kind": "receivable"}


def test_pages_follow_each_other_until_there_is_no_next(served: Native) -> None:
    lines = served.given_lines(*[LINE] * 7)
    pages: list[list[int]] = []
    cursor = ""

    while cursor is not None:
        told = served.client.ask("GET", f"{served.entity}/lines?limit=3{cursor and f'&cursor={cursor}'}").json
        pages.append([each["id"] for each in told["lines"]])
        cursor = told["next"]

    assert pages == [lines[:3], lines[3:6], lines[6:]]


def test_a_line_that_comes_in_between_is_on_a_later_page_and_none_comes_twice(served: Native) -> None:
    lines = served.given_lines(*[LINE] * 4)
    first = served.client.ask("GET", f"{served.entity}/lines?limit=2").json
    served.client.ask("DELETE", f"{served.entity}/lines/{lines[0]}")
    lines += served.given_lines(LINE)

    second = served.client.ask("GET", f"{served.entity}/lines?limit=10&cursor={first['next']}").json

    assert [each["id"] for each in second["lines"]] == lines[2:]


def test_a_cursor_is_good_for_its_own_list_filters_and_token_alone(served: Native) -> None:
    served.given_lines(*[LINE] * 2)
    cursor = served.client.ask("GET", f"{served.entity}/lines?side=ledger&limit=1").json["next"]
    reader = served.client_of(served.office.reader)

    asked = [
        served.client.ask("GET", f"{served.entity}/lines?side=ledger&limit=5&cursor={cursor}"),
        served.client.ask("GET", f"{served.entity}/lines?limit=1&cursor={cursor}"),
        served.client.ask("GET", f"{served.entity}/matches?limit=1&cursor={cursor}"),
        reader.ask("GET", f"{served.entity}/lines?side=ledger&limit=1&cursor={cursor}"),
        served.client.ask("GET", f"{served.entity}/lines?side=ledger&limit=1&cursor={cursor}x"),
    ]

    assert [told.status for told in asked] == [200, 400, 400, 400, 400]


def test_lines_are_found_by_what_is_asked_for(served: Native) -> None:
    served.given_match()
    (open_line,) = served.given_lines({**LINE, "reference": "INV-9", "booking_date": "2026-01-20"})

    for query in ("open=true", "reference=INV-9", "booked_from=2026-01-20", "kind=receivable&open=true"):
        found = served.client.ask("GET", f"{served.entity}/lines?{query}").json["lines"]
        assert [each["id"] for each in found] == [open_line], query
