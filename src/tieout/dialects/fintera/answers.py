"""What a route answers, before it is JSON or XML: one resource, a list of them, bare fields, or what is wrong.

The vendor wraps a resource in its singular name; a list is an array of wrapped resources in JSON, and in XML a plural
root of type array. Faults are lists of messages by field in JSON, and sentences without fields in XML.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from starlette.responses import Response

from tieout.contracts.http_answers import bytes_answer
from tieout.contracts.http_negotiation import JSON, XML_NAMES
from tieout.dialects.fintera.rails_xml import write_xml
from tieout.dialects.fintera.values import Sentences

Fields: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class One:
    """One resource."""

    name: str  # payable_account
    fields: Fields


@dataclass(frozen=True, slots=True)
class Many:
    """A list of resources of one name."""

    name: str  # payable_account
    plural: str  # payable_accounts
    each: Sequence[Fields]


@dataclass(frozen=True, slots=True)
class Bare:
    """Fields without a name around them: `<hash>` in XML."""

    fields: Fields


@dataclass(frozen=True, slots=True)
class Blank:
    """A body of no bytes, as the vendor answers deletions and changed deposit accounts."""


@dataclass(frozen=True, slots=True)
class Faults:
    """What is wrong: messages by field, in the order found; `base` is about no field, `error` about the request."""

    messages: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Failed:
    """One sentence about the whole request: not found, not allowed, not readable."""

    sentence: str


Content: TypeAlias = One | Many | Bare | Blank | Faults | Failed


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, a content and what goes into the headers."""

    content: Content
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def response_of(answer: Answer, media_type: str) -> Response:
    """The answer as JSON or XML, UTF-8 named, as every page of the vendor shows."""
    body = written(answer.content, media_type)
    return bytes_answer(body, f"{media_type}; charset=utf-8", answer.status, answer.headers)


def written(content: Content, media_type: str) -> bytes:
    """The body as JSON or XML."""
    if isinstance(content, Blank):
        return b""
    if media_type in XML_NAMES:
        root, value = _in_xml(content)
        return write_xml(root, value)
    assert media_type == JSON, media_type
    return json.dumps(_in_json(content), ensure_ascii=False, separators=(",", ":")).encode()


def _in_json(content: Content) -> Any:
    match content:
        case One(name, fields):
            return {name: fields}
        case Many(name, _, each):
            return [{name: fields} for fields in each]
        case Bare(fields):
            return fields
        case Faults(messages):
            return messages
        case Failed(sentence):
            return {"error": sentence}
    return None


def _in_xml(content: Content) -> tuple[str, Any]:
    match content:
        case One(name, fields):
            return name, fields
        case Many(_, plural, each):
            return plural, list(each)
        case Bare(fields):
            return "hash", fields
        case Faults(messages):
            return "errors", Sentences(full_messages(messages))
        case Failed(sentence):
            return "errors", Sentences((sentence,))
    return "hash", None


def full_messages(messages: Mapping[str, Sequence[str]]) -> list[str]:
    """Whole sentences in order of field, as Rails makes them: the field's name for people, then what is wrong."""
    return [
        message if name == "base" else f"{humanised(name)} {message}"
        for name in sorted(messages)
        for message in messages[name]
    ]


def humanised(name: str) -> str:
    """A field's name for people, as Rails makes it: total_amount is "Total amount", person_id is "Person"."""
    words = name.removesuffix("_id").replace("_", " ")
    return words[:1].upper() + words[1:]
