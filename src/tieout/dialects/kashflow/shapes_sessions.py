"""What is said while signing in.

Source: the vendor's page on session tokens and the field reference of its Swagger (README.md).
"""

from dataclasses import dataclass

from tieout.dialects.kashflow.wire import Day, Field, Members, Part, Shape, Truth, Whole, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Character:
    """One character of the memorable word; positions count from 1, the value is empty where it is asked for."""

    position: int
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """The first step."""

    user_name: str
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """The second step."""

    temporary_token: str
    characters: tuple[Character, ...]
    keep_logged_in: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionShown:
    """What both steps answer: the token of that step, and what the vendor tells of user and company beside it."""

    temporary_token: str | None = None
    session_token: str | None = None
    characters: tuple[Character, ...] = ()
    keep_logged_in: bool = False
    positions: str = ""
    company_user_id: int
    company_id: int
    company_name: str
    full_name: str
    email: str
    is_admin: bool
    start_page_url: str | None = None
    subscription_expiry_day: int | None = None


CHARACTER = Shape(
    "MemorableWord", Character, (Field("Position", "position", Whole()), Field("Value", "value", Words()))
)
_CHARACTERS = Members("MemorableWord", Part(CHARACTER), count_max=20)

LOGIN = Shape("Login", Login, (Field("UserName", "user_name", Words()), Field("Password", "password", Words())))
REMEMBERED = Shape(
    "SessionToken",
    Remembered,
    (
        Field("TemporaryToken", "temporary_token", Words()),
        Field("MemorableWordList", "characters", _CHARACTERS),
        Field("KeepUserLoggedIn", "keep_logged_in", Truth()),
    ),
)
SESSION = Shape(
    "SessionToken",
    SessionShown,
    (
        Field("TemporaryToken", "temporary_token", Words(), left_out_when_none=True),
        Field("SessionToken", "session_token", Words(), left_out_when_none=True),
        Field("MemorableWordList", "characters", _CHARACTERS),
        Field("KeepUserLoggedIn", "keep_logged_in", Truth()),
        Field("MemorableWordPositions", "positions", Words()),
        Field("CompanyUserId", "company_user_id", Whole()),
        Field("CompanyId", "company_id", Whole()),
        Field("CompanyName", "company_name", Words()),
        Field("CompanyUserFullName", "full_name", Words()),
        Field("EmailId", "email", Words()),
        Field("UserName", "email", Words()),
        Field("IsAdmin", "is_admin", Truth()),
        Field("StartPageUrl", "start_page_url", Words(), left_out_when_none=True),
        Field("SubscriptionExpiryDate", "subscription_expiry_day", Day(), left_out_when_none=True),
    ),
    constants={
        "TenantId": 0,
        "IsLockedOut": False,
        "PartnerId": 0,
        "ConnectedUserPartnerId": 0,
        "ClientManagerId": 0,
        "PartnerBrandingOptOut": False,
        "PackageName": "tieout",
        "IsPackageRestricted": False,
        "SubscriptionExpired": False,
        "HasTemporaryPassword": False,
        "Disabled": False,
        "PartnerCompanyUserId": 0,
    },
)
