"""The house as the rules see it: its modules as syntax trees, its texts, and a way to plant a small bad house.

A rule is a function from a House to a list of findings, each `path:line  what is wrong`. Every rule is tried twice: on this
repository, where it must find nothing, and on a planted house, where it must find what was planted.
"""

import ast
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

SKIPPED = {"node_modules", "__pycache__", "build"}
TEXT = {".py", ".md", ".toml", ".in", ".txt", ".html", ".css", ".js", ".mjs", ".json", ".yml", ".yaml", ".sh", ".mako", ".svg", ".xml", ""}


@dataclass(frozen=True)
class Module:
    """One Python file. `path` is relative to the house, with forward slashes."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.path.split("/"))

    def at(self, line: int, said: str) -> str:
        return f"{self.path}:{line}  {said}"

    def imported(self, package: str) -> dict[str, str]:
        """Local names of what is imported from `package`, mapped to the full name."""
        found = {}
        for node in self.nodes:
            if isinstance(node, ast.Import):
                found |= {(alias.asname or alias.name).split(".")[0]: alias.name for alias in node.names if _inside(alias.name, package)}
            elif isinstance(node, ast.ImportFrom) and node.module and _inside(node.module, package):
                found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        return found

    def calls(self) -> Iterator[tuple[ast.Call, str]]:
        """Every call with its dotted name, as written."""
        for node in self.nodes:
            if isinstance(node, ast.Call):
                yield node, dotted(node.func)

    def strings(self) -> Iterator[tuple[int, str]]:
        """Every text that is not a docstring; `{}` stands for what a formatted text inserts."""
        inner = {id(part) for node in self.nodes if isinstance(node, ast.JoinedStr) for part in ast.walk(node) if part is not node}
        silent = inner | {id(node.value) for node in self.nodes if isinstance(node, ast.Expr)}
        for node in self.nodes:
            if id(node) in silent:
                continue
            if isinstance(node, ast.JoinedStr):
                yield node.lineno, "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.lineno, node.value


@dataclass(frozen=True)
class House:
    """A repository, or a small one planted for a test."""

    root: Path

    def modules(self, *folders: str) -> list[Module]:
        """All Python files under the folders, by default under app."""
        found = [path for folder in folders or ("app",) for path in self.files(folder) if path.endswith(".py")]
        return [_module(self.root, path) for path in sorted(found)]

    def files(self, folder: str = "") -> list[str]:
        """All files under a folder, without what tools have made, relative to the house."""
        found: list[str] = []
        for place, folders, names in os.walk(self.root / folder):
            folders[:] = [name for name in folders if name == ".ci" or (name not in SKIPPED and not name.startswith("."))]
            found += [(Path(place) / name).relative_to(self.root).as_posix() for name in names]
        return sorted(found)

    def texts(self, *folders: str) -> Iterator[tuple[str, str]]:
        """Every text file with its contents."""
        for path in [path for folder in folders or ("",) for path in self.files(folder)]:
            if Path(path).suffix in TEXT:
                yield path, (self.root / path).read_text(encoding="utf-8", errors="replace")

    def read(self, path: str) -> str:
        return (self.root / path).read_text(encoding="utf-8")


HOUSE = House(Path(__file__).resolve().parents[2])


def planted(root: Path, files: dict[str, str]) -> House:
    """A house with exactly these files."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return House(root)


def dotted(node: ast.AST) -> str:
    """`a.b.c` for a chain of names; what is not a name is `?`."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return "?"


def lines_with(path: str, text: str, word: str) -> list[str]:
    """Where a text contains a word."""
    return [f"{path}:{number}  {word!r}" for number, line in enumerate(text.splitlines(), 1) if word in line]


def _inside(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


@cache
def _module(root: Path, path: str) -> Module:
    return Module(path, (root / path).read_text(encoding="utf-8"))
