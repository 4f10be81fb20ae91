"""What one face gave beside the core's own columns, and only that face gives back."""

import json
from collections.abc import Mapping
from typing import Any


def extra_of(text: str, face: str) -> dict[str, Any]:
    """The fields that a face left in an `extra` column; empty where it left none."""
    found: dict[str, Any] = json.loads(text).get(face, {}) if text else {}
    return found


def with_extra(text: str, face: str, fields: Mapping[str, Any]) -> str:
    """The `extra` column with these fields of one face put over what it left before; other faces' stay."""
    faces: dict[str, dict[str, Any]] = json.loads(text) if text else {}
    faces[face] = {**faces.get(face, {}), **fields}
    return json.dumps(faces, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
