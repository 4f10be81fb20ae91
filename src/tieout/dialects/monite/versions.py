"""The dated versions of the vendor's API. The pages on accounting do not differ between them.

Source: the enumeration `APIVersion` of the vendor's OpenAPI document, read 2026-11-20.
"""

from tieout.contracts.http_asked import Asked
from tieout.contracts.http_faults import HttpFault, RequestFault

VERSION_HEADER = "x-monite-version"
VERSIONS = (
    "2022-11-16",
    "2023-02-07",
    "2023-03-01",
    "2023-03-14",
    "2023-04-12",
    "2023-06-04",
    "2023-09-01",
    "2024-01-31",
    "2024-05-25",
    "2025-06-23",
)
# The one that the sources of this dialect describe.
DESCRIBED = "2024-05-25"
MISSING, UNSUPPORTED = "missing_api_version", "unsupported_api_version"


def require_version(asked: Asked) -> None:
    """Pass when a version that there is was named. Raises RequestFault (400)."""
    version = asked.header(VERSION_HEADER)
    if not version:
        raise RequestFault(HttpFault(400, MISSING, f"The {VERSION_HEADER} header is required.", VERSION_HEADER))
    if version not in VERSIONS:
        said = f"There is no such API version; the versions are {', '.join(VERSIONS)}."
        raise RequestFault(HttpFault(400, UNSUPPORTED, said, VERSION_HEADER))
