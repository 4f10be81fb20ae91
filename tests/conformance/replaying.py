"""Plays a recorded exchange against an application and says where the answer differs from the record."""

import json
import re
from collections.abc import Mapping
from typing import Any

from starlette.testclient import TestClient

# Stands for any value in an expected answer.
ANYTHING = "..."

_PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z_0-9]*)\}")


def replay(client: TestClient, exchange: Mapping[str, Any], values: dict[str, str]) -> list[str]:
    """Every difference, in the words `step 2: $.amount: ...`; values kept by a step serve the later ones."""
    differences: list[str] = []
    for number, step in enumerate(exchange["steps"], 1):
        request, wanted = _with(step["request"], values), _with(step["response"], values)
        response = client.request(request["method"], request["path"], **_sent(request))
        found = _compared(wanted, response)
        differences += [f"step {number} ({request['method']} {request['path']}): {each}" for each in found]
        if found:
            break
        for name, path in step.get("keep", {}).items():
            values[name] = str(_at(response, path))
    return differences


def _sent(request: Mapping[str, Any]) -> dict[str, Any]:
    sent: dict[str, Any] = {"headers": dict(request.get("headers", {}))}
    if "json" in request:
        sent["content"] = json.dumps(request["json"]).encode()
        sent["headers"].setdefault("content-type", "application/json")
    elif "body" in request:
        sent["content"] = request["body"].encode()
    if "files" in request:
        sent["files"] = {name: (each["filename"], each["content"].encode()) for name, each in request["files"].items()}
    return sent


def _compared(wanted: Mapping[str, Any], response: Any) -> list[str]:
    if response.status_code != wanted["status"]:
        return [f"status {response.status_code} instead of {wanted['status']}: {response.text[:300]}"]
    found = [
        f"header {name} is {response.headers.get(name)!r} instead of {value!r}"
        for name, value in wanted.get("headers", {}).items()
        if not _same(response.headers.get(name), value)
    ]
    if "json" in wanted:
        found += differing(wanted["json"], json.loads(response.text, parse_float=str), "$")
    if "body" in wanted and not _same(response.text, wanted["body"]):
        found.append(f"body is {response.text!r} instead of {wanted['body']!r}")
    return found


def differing(wanted: Any, got: Any, at: str) -> list[str]:
    """Where two decoded JSON values differ; numbers with a fraction are compared as they are written."""
    if wanted == ANYTHING:
        return []
    if isinstance(wanted, dict) and isinstance(got, dict):
        names = [f"{at}.{name}: only in the {'record' if name in wanted else 'answer'}" for name in wanted.keys() ^ got]
        return sorted(names) + [
            each for name in wanted if name in got for each in differing(wanted[name], got[name], f"{at}.{name}")
        ]
    if isinstance(wanted, list) and isinstance(got, list):
        if len(wanted) != len(got):
            return [f"{at}: {len(got)} entries instead of {len(wanted)}"]
        pairs = enumerate(zip(wanted, got, strict=True))
        return [each for index, (one, two) in pairs for each in differing(one, two, f"{at}[{index}]")]
    if isinstance(wanted, float):
        return [] if str(got) == str(wanted) else [f"{at}: {got!r} instead of {wanted!r}"]
    return [] if _same(got, wanted) else [f"{at}: {got!r} instead of {wanted!r}"]


def _same(got: Any, wanted: Any) -> bool:
    """Equal, or alike where the record says `...` for a part of a text."""
    if isinstance(wanted, str) and isinstance(got, str) and ANYTHING in wanted:
        pattern = ".*".join(re.escape(part) for part in wanted.split(ANYTHING))
        return re.fullmatch(pattern, got, re.DOTALL) is not None
    return type(got) is type(wanted) and bool(got == wanted)


def _at(response: Any, path: str) -> Any:
    """The value at `$.a.b[0]`, or of a header at `header:location`."""
    if path.startswith("header:"):
        return response.headers[path.removeprefix("header:")]
    value: Any = response.json()
    for name, index in re.findall(r"\.([A-Za-z_0-9]+)|\[(\d+)\]", path):
        value = value[name] if name else value[int(index)]
    return value


def _with(part: Any, values: Mapping[str, str]) -> Any:
    """The part with placeholders filled in; a text that is one placeholder of digits becomes a number in JSON."""
    if isinstance(part, dict):
        return {name: _with(each, values) for name, each in part.items()}
    if isinstance(part, list):
        return [_with(each, values) for each in part]
    if not isinstance(part, str):
        return part
    whole = _PLACEHOLDER.fullmatch(part)
    if whole and whole[1] in values and values[whole[1]].isdigit():
        return int(values[whole[1]])
    return _PLACEHOLDER.sub(lambda name: values.get(name[1], name[0]), part)
