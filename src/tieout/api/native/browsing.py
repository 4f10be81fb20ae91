"""A page to browse the native API by: made of the OpenAPI document alone, nothing comes from anywhere else."""

from tieout.api.native.operations import PREFIX

# The page may load nothing but the document of this very server.
PAGE_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}

PAGE = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>tieout API</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }}
h2 {{ margin: 2rem 0 .5rem; text-transform: capitalize; }}
details {{ border: 1px solid color-mix(in srgb, currentColor 20%, transparent); border-radius: 6px; margin: .4rem 0; }}
summary {{ padding: .4rem .7rem; cursor: pointer; display: flex; gap: .7rem; align-items: baseline; flex-wrap: wrap; }}
summary b {{ font: 600 13px/1.5 ui-monospace, monospace; min-width: 4rem; }}
summary code {{ overflow-wrap: anywhere; }}
details > div {{ padding: 0 .9rem .8rem; }}
pre {{ overflow: auto; padding: .6rem; border-radius: 4px; }}
pre {{ background: color-mix(in srgb, currentColor 7%, transparent); }}
table {{ border-collapse: collapse; }}
td, th {{ text-align: left; padding: .15rem .8rem .15rem 0; vertical-align: top; }}
</style>
</head>
<body>
<h1>tieout API</h1>
<p>The document itself: <a href="{PREFIX}/openapi.json">{PREFIX}/openapi.json</a>.
Send <code>Authorization: Bearer TOKEN</code>; <code>tieout token</code> makes one.</p>
<main id="operations">Loading.</main>
<script>
const made = (name, text, ...inside) => {{
  const element = document.createElement(name);
  if (text) element.textContent = text;
  element.append(...inside);
  return element;
}};
const shown = (schema) => made("pre", JSON.stringify(schema, null, 2));
fetch("{PREFIX}/openapi.json").then((answer) => answer.json()).then((api) => {{
  const follow = (schema) => schema && schema.$ref ? api.components.schemas[schema.$ref.split("/").pop()] : schema;
  const byTag = new Map();
  for (const [path, methods] of Object.entries(api.paths))
    for (const [method, operation] of Object.entries(methods)) {{
      const tag = operation.tags[0];
      if (!byTag.has(tag)) byTag.set(tag, []);
      byTag.get(tag).push([path, method, operation]);
    }}
  const main = document.getElementById("operations");
  main.textContent = "";
  for (const tag of [...byTag.keys()].sort()) {{
    main.append(made("h2", tag.replaceAll("-", " ")));
    for (const [path, method, operation] of byTag.get(tag)) {{
      const inside = made("div");
      if (operation.parameters.length) {{
        const table = made("table");
        for (const each of operation.parameters)
          table.append(made("tr", "", made("td", "", made("code", each.name)), made("td", each.in),
            made("td", each.description || "")));
        inside.append(made("h4", "Parameters"), table);
      }}
      const body = operation.requestBody && Object.values(operation.requestBody.content)[0].schema;
      if (body) inside.append(made("h4", "Body"), shown(follow(body)));
      for (const [status, answer] of Object.entries(operation.responses)) {{
        if (status >= "400") continue;
        const content = answer.content && Object.values(answer.content)[0].schema;
        inside.append(made("h4", `Answer ${{status}}`), content ? shown(follow(content)) : made("p", "No body."));
      }}
      main.append(made("details", "", made("summary", "", made("b", method.toUpperCase()), made("code", path),
        made("span", operation.summary)), inside));
    }}
  }}
}});
</script>
</body>
</html>
""".encode()
