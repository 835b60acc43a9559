"""Sample screens of the console: each as little as it can be, full, and full of what a hostile person would type."""

from typing import Any

import msgspec
from msgspec import Struct

from tests.editor.samples import catalogue, customer, errors, writing
from tests.editor.samples.frame import Sample

NASTY = (
    "<script>alert(1)</script><b>\"bold\" & 'single'</b> قهوة الصباح في نيروبي "
    "Kaffeezubereitungsempfehlungsausschussvorsitzendenstellvertretungsordnungsentwurf"
)

# Texts of these fields are addresses, codes and words made by the product, not typed by people.
MADE = frozenset(
    {
        "slug", "href", "url", "action", "drop", "retry", "address", "addresses", "prefix", "newer", "older", "lang", "zone", "csrf",
        "currency", "live_url", "site_url", "scopes", "status_text", "reference", "next", "held", "view",
        "Option.value", "Scope.value", "Filter.name", "Choice.name", "Kept.name", "Kept.label", "Undo.label",
        "AuditLog.undo_href", "AuditLog.undoer_href", "UndoAct.undoer_href", "UndoAct.command",
    }
)  # fmt: skip
MINIMAL = {**customer.MINIMAL, **writing.MINIMAL, **catalogue.MINIMAL, **errors.MINIMAL}
FULL = {**customer.FULL, **writing.FULL, **catalogue.FULL, **errors.FULL}


def hostile(value: Any) -> Any:
    """The same value with every text that a person can type replaced by markup, quotes, Arabic and a word without end."""
    if isinstance(value, Struct):
        fields = [field for field in msgspec.structs.fields(value) if is_typed(value, field)]
        return msgspec.structs.replace(value, **{field.name: hostile(getattr(value, field.name)) for field in fields})
    if isinstance(value, dict):
        return dict.fromkeys(value, NASTY)
    if isinstance(value, tuple):
        return tuple((item[0], NASTY) if isinstance(item, tuple) else hostile(item) for item in value)
    return NASTY if isinstance(value, str) and value else value


def is_typed(struct: Struct, field: msgspec.structs.FieldInfo) -> bool:
    """Whether people decide what stands in this field: codes of a closed list and what the product makes do not count."""
    made = MADE & {field.name, f"{type(struct).__name__}.{field.name}"}
    return not made and (field.type is str or not isinstance(getattr(struct, field.name), str))


HOSTILE = {f"{name}-hostile": Sample(sample.template, hostile(sample.shell), hostile(sample.view)) for name, sample in FULL.items()}
SAMPLES = {**MINIMAL, **FULL, **HOSTILE}
