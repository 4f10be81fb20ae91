"""What is written reads back as it was: days, credentials in both forms, and ids."""

import json

from hypothesis import strategies as some

from tieout.dialects.koncili.credentials import Credentials, read_credentials, write_apart, write_joined
from tieout.dialects.koncili.moments import read_day, write_day
from tieout.dialects.koncili.routes_batches import read_ids

_TEXTS = some.text(some.characters(codec="utf-8", exclude_characters="\0"), max_size=30)
_EMAILS = some.builds("{}@{}".format, *[_TEXTS.map(lambda text: text.replace(":", "").replace("@", ""))] * 2)
_CREDENTIALS = some.builds(Credentials, _EMAILS, _TEXTS)

ROUND_TRIPS = (
    ("day", some.integers(-100_000, 100_000), write_day, read_day),
    ("credentials joined", _CREDENTIALS, write_joined, read_credentials),
    ("credentials apart", _CREDENTIALS, write_apart, read_credentials),
    (
        "ids",
        some.lists(some.one_of(some.integers(1, 10**8), some.integers(-(2**80), 2**80)), unique=True),
        lambda ids: json.dumps(ids).encode(),
        read_ids,
    ),
)
