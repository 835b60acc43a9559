"""The API for people: its operations on one page, written on the server. No script runs and nothing is fetched elsewhere."""

from typing import Any

from markupsafe import Markup, escape

PAGE = Markup("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}: API</title>
<link rel="stylesheet" href="/api/docs.css">
</head>
<body>
<main>
<h1>{title}: API</h1>
<p>Send <code>Authorization: Bearer agoat_…</code>. The whole contract, version {version}, is in
<a href="/api/v1/openapi.json">openapi.json</a>.</p>
<nav aria-label="Kinds of things"><ul>{contents}</ul></nav>
{sections}
<section id="schemas"><h2>What is sent and comes back</h2>{schemas}</section>
</main>
</body>
</html>
""")
STYLE = """\
:root { color-scheme: light dark; color: CanvasText; background: Canvas; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; }
code { font: 0.9375rem ui-monospace, monospace; overflow-wrap: anywhere; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; padding: 0; list-style: none; }
article { border-top: 1px solid; padding: 0.5rem 0 1rem; }
h3 { margin: 0.5rem 0 0; font-size: 1rem; }
p { margin: 0.25rem 0; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: 0.25rem 0.75rem 0.25rem 0; text-align: start; vertical-align: top; overflow-wrap: anywhere; }
"""


def docs_page(document: dict[str, Any]) -> str:
    """The page of an OpenAPI document."""
    names = [tag["name"] for tag in document["tags"]]
    schemas = document["components"]["schemas"]
    return str(
        PAGE.format(
            title=document["info"]["title"],
            version=document["info"]["version"],
            contents=joined(Markup('<li><a href="#{0}">{0}</a></li>').format(name) for name in [*names, "schemas"]),
            sections=joined(section(name, document) for name in names),
            schemas=joined(schema(name, said) for name, said in schemas.items()),
        )
    )


def joined(parts: Any) -> Markup:
    """Pieces of markup in a row."""
    return Markup("\n").join(parts)


def section(tag: str, document: dict[str, Any]) -> Markup:
    """The operations of one kind of things."""
    found = [
        operation(method, path, said)
        for path, methods in document["paths"].items()
        for method, said in methods.items()
        if tag in said["tags"]
    ]
    return Markup('<section id="{0}"><h2>{0}</h2>{1}</section>').format(tag, joined(found))


def operation(method: str, path: str, said: dict[str, Any]) -> Markup:
    """One operation with its parameters and answers."""
    queried = ", ".join(parameter["name"] for parameter in said["parameters"] if "name" in parameter)
    body = said.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    lines = [Markup("<p>{}. {}</p>").format(said["summary"], code_marks(said["description"]))]
    lines += [Markup("<p>Parameters: <code>{}</code></p>").format(queried)] if queried else []
    lines += [Markup("<p>Body: {}</p>").format(shape(body))] if body else []
    lines += [Markup("<p>Answers: {}</p>").format(", ".join(said["responses"]))]
    head = Markup('<article id="{}"><h3><code>{} {}</code></h3>').format(said["operationId"], method.upper(), path)
    return head + joined(lines) + Markup("</article>")


def schema(name: str, said: dict[str, Any]) -> Markup:
    """One Struct of the contract with its fields."""
    rows = joined(
        Markup("<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>").format(
            field, shape(kind), "yes" if field in said.get("required", ()) else ""
        )
        for field, kind in said.get("properties", {}).items()
    )
    table = Markup("<table><thead><tr><th>Field</th><th>Kind</th><th>Needed</th></tr></thead><tbody>{}</tbody></table>").format(rows)
    text = Markup("<p>{}</p>").format(code_marks(said.get("description", "")))
    return Markup('<article id="schema-{0}"><h3>{0}</h3>').format(name) + text + (table if rows else Markup("")) + Markup("</article>")


def shape(said: dict[str, Any]) -> Markup:
    """The kind of a value in few words."""
    if "$ref" in said:
        return Markup('<a href="#schema-{0}">{0}</a>').format(said["$ref"].split("/")[-1])
    if "anyOf" in said:
        return Markup(" or ").join(shape(part) for part in said["anyOf"])
    if "enum" in said:
        return escape(", ".join(map(str, said["enum"])))
    if said.get("type") == "array":
        return Markup("list of {}").format(shape(said.get("items", {})))
    return escape(said.get("format") or said.get("type") or "anything")


def code_marks(text: str) -> Markup:
    """Escaped text in which what stands between backticks is code."""
    pieces = [Markup("<code>{}</code>").format(piece) if place % 2 else escape(piece) for place, piece in enumerate(text.split("`"))]
    return Markup("").join(pieces)
