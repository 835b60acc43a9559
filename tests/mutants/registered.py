"""Mutants of the guard's register: each rule not asked at all, each at one of its moments, each member of its closed lists gone."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from app.db.guard import compiler, forms, rules


@dataclass(frozen=True)
class RegisterMutant:
    """One entry of a register or one value of a module is another for as long as the block runs."""

    name: str
    holder: Any
    key: str
    value: Any = None

    @contextmanager
    def on(self) -> Iterator[None]:
        """The register as changed; `value` None takes the entry out."""
        held = self.holder if isinstance(self.holder, dict) else vars(self.holder)
        before, order = held[self.key], list(held) if isinstance(self.holder, dict) else []
        self.put(self.value)
        try:
            yield
        finally:
            self.put(before)
            for key in order:
                held[key] = held.pop(key)

    def put(self, value: Any) -> None:
        """Set or take out the entry."""
        if isinstance(self.holder, dict):
            self.holder.pop(self.key, None)
            if value is not None:
                self.holder[self.key] = value
        else:
            setattr(self.holder, self.key, value)


def rules_not_asked() -> Iterator[RegisterMutant]:
    """Every entry of RULES taken out."""
    for name in rules.RULES:
        yield RegisterMutant(name, rules.RULES, name)


def moments_not_watched() -> Iterator[RegisterMutant]:
    """Every rule not asked at one of its moments."""
    for moment, names in rules.WATCHED.items():
        for name in names:
            if moment != "execution":
                yield RegisterMutant(f"{name} at {moment}", rules.WATCHED, moment, [other for other in names if other != name])


def lists_opened() -> Iterator[RegisterMutant]:
    """Every closed list that names what is refused, without one of its members; every pattern of what is harmless, open."""
    anything = re.compile(".*", re.DOTALL)
    for module, name in (
        (forms, "HARMLESS_LITERAL"), (forms, "SYMBOLS"), (forms, "FIELD"), (forms, "PLAIN_TYPE"), (compiler, "PLAIN_IDENTIFIER"),
    ):  # fmt: skip
        yield RegisterMutant(f"{name} is anything", module, name, anything)
    for operator in sorted(compiler.PREDICATES, key=lambda each: each.__name__):
        rest = compiler.PREDICATES - {operator}
        yield RegisterMutant(f"PREDICATES without {operator.__name__}", compiler, "PREDICATES", rest)
    for alternative in alternatives(forms.REACHING.pattern):
        rest_of = "|".join(other for other in alternatives(forms.REACHING.pattern) if other != alternative)
        yield RegisterMutant(f"REACHING without {alternative}", forms, "REACHING", re.compile(rest_of))
    for kind in sorted(forms.NEVER):
        yield RegisterMutant(f"NEVER without {kind}", forms, "NEVER", forms.NEVER - {kind})


def alternatives(pattern: str) -> list[str]:
    """The alternatives of a pattern at its top level."""
    return re.findall(r"(?:\([^)]*\)|[^|(])+", pattern)
