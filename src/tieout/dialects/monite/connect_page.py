"""The page behind a `connection_url`: how to say where the books are, since these platforms ask nobody for consent.

It is the same for every connection, known or not, and tells nothing of any.
"""

import re
from html import escape

from starlette.responses import Response

from tieout.contracts.http_answers import bytes_answer
from tieout.contracts.http_asked import Asked
from tieout.contracts.http_faults import RequestFault, no_such_path
from tieout.contracts.platform import Platform, SettingField
from tieout.dialects.monite.shapes_connections import CONNECTIONS
from tieout.services.context import Context

CONNECT = f"{CONNECTIONS}/{{connection_id}}/connect"

_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}
_STYLE = """
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
pre { overflow: auto; padding: .6rem; border-radius: 4px; }
pre { background: color-mix(in srgb, currentColor 7%, transparent); }
td { padding: .1rem .8rem .1rem 0; vertical-align: top; }
"""


def page(context: Context, asked: Asked) -> Response:
    """The page. Raises RequestFault (404) where the path names no UUID."""
    connection_id = asked.names["connection_id"]
    if _UUID.fullmatch(connection_id) is None:
        raise RequestFault(no_such_path())
    platforms = "".join(_platform(name, each, connection_id) for name, each in sorted(context.platforms().items()))
    written = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Connect an accounting system</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>Connect an accounting system</h1>
<p>The connection <code>{connection_id}</code> waits to be told where the books are. Whoever owns the entity
says so, with one of these commands where tieout runs (<code>tieout entity list</code> tells the entity's id), or with
<code>PUT /tieout/v1/entities/ID/connections/ID/platform</code> of tieout's own <a href="/docs">API</a>. The system is
asked at once whether it takes the credentials; secrets are asked for, kept encrypted, and never shown.</p>
{platforms}</body>
</html>
"""
    return bytes_answer(written.encode(), "text/html; charset=utf-8", headers=_HEADERS)


def _platform(name: str, platform: Platform, connection_id: str) -> str:
    settings = " ".join(
        f"--set {field.name}=..." for field in platform.FIELDS if not field.secret and field.default is None
    )
    command = f"tieout connection add {name} --entity ID --connection {connection_id} {settings}".rstrip()
    rows = "".join(map(_row, platform.FIELDS))
    return f"<h2>{escape(platform.TITLE)}</h2>\n<pre>{escape(command)}</pre>\n<table>{rows}</table>\n"


def _row(field: SettingField) -> str:
    kept = "secret" if field.secret else _default(field)
    cells = (f"<code>{escape(field.name)}</code>", escape(field.meaning), escape(kept))
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _default(field: SettingField) -> str:
    if field.default is None:
        return ""
    return f"{field.default} if not given" if field.default else "may be left out"
