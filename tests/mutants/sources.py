"""Mutants of Python code, made from its syntax tree: every decision that a function takes is switched off, one at a time.

A mutant changes the code of one function in place, so that whoever holds the function meets the mutant, and is taken back
afterwards. Its name says what was changed and not where, so that it stays when lines move.
"""

import ast
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

Place = tuple[tuple[str, int | None], ...]


@dataclass(frozen=True)
class CodeMutant:
    """One changed decision of one function."""

    name: str
    function: Any
    code: CodeType

    @property
    def is_coarse(self) -> bool:
        """Whether a whole decision is switched off, and not one of several conditions of it."""
        return " without " not in self.name

    @contextmanager
    def on(self) -> Iterator[None]:
        """The function as changed, for as long as the block runs."""
        true = self.function.__code__
        forget(self.function)
        self.function.__code__ = self.code
        try:
            yield
        finally:
            self.function.__code__ = true
            forget(self.function)


KEEPING: dict[Any, Any] = {}


def forget(function: Any) -> None:
    """Empty what a cached function remembers."""
    if function in KEEPING:
        KEEPING[function].cache_clear()


def mutants_of(module: ModuleType) -> list[CodeMutant]:
    """Every mutant of a module's functions."""
    file, seen = str(module.__file__), Counter[str]()
    tree, found = ast.parse(Path(file).read_text()), []
    homes = {(function.__code__.co_qualname, function.__code__.co_firstlineno): function for function in functions_of(module)}
    for place, change, said, line in changes(tree):
        for code in codes(changed(tree, place, change, file)):
            home = homes.get((code.co_qualname, code.co_firstlineno))
            # A change that takes a function its closure cannot be put in the place of the function.
            if home is None or code.co_firstlineno != line or code.co_freevars != home.__code__.co_freevars:
                continue
            label = f"{module.__name__.rpartition('.')[2]}.{code.co_qualname}: {said}"
            seen[label] += 1
            found.append(CodeMutant(label if seen[label] == 1 else f"{label} ({seen[label]})", home, code))
    return found


def functions_of(holder: Any) -> Iterator[FunctionType]:
    """The functions and methods that a module defines itself."""
    module = holder.__name__ if isinstance(holder, ModuleType) else holder.__module__
    for value in vars(holder).values():
        if isinstance(value, type) and value.__module__ == module:
            yield from functions_of(value)
        for one in (value.fget, value.fset) if isinstance(value, property) else (getattr(value, "__func__", value),):
            inner = getattr(one, "__wrapped__", one)
            if isinstance(inner, FunctionType) and inner.__module__ == module:
                if inner is not one and hasattr(one, "cache_clear"):
                    KEEPING[inner] = one
                yield inner


def codes(code: CodeType) -> Iterator[CodeType]:
    """The code of every function of a module or class; what stands inside a function belongs to that function."""
    for one in code.co_consts:
        if isinstance(one, CodeType):
            if one.co_flags & 2:  # A function, not the body of a class.
                yield one
            else:
                yield from codes(one)


# What may be changed.

Change = Callable[[ast.AST], ast.AST | None]


def changed(tree: ast.Module, place: Place, change: Change, file: str) -> CodeType:
    """One top-level definition with the node at one place of it replaced; the tree stays as it was."""
    *way, (field, index) = place
    holder: Any = tree
    for name, position in way:
        holder = getattr(holder, name) if position is None else getattr(holder, name)[position]
    old = getattr(holder, field) if index is None else getattr(holder, field)[index]
    put(holder, field, index, ast.fix_missing_locations(ast.copy_location(change(old) or ast.Pass(), old)))
    try:
        return compile(ast.Module([tree.body[place[0][1] or 0]], []), file, "exec")
    finally:
        put(holder, field, index, old)


def put(holder: Any, field: str, index: int | None, node: ast.AST) -> None:
    """Set one part of a node."""
    if index is None:
        setattr(holder, field, node)
    else:
        getattr(holder, field)[index] = node


def walk(node: ast.AST, place: Place = (), line: int = 0) -> Iterator[tuple[ast.AST, Place, ast.AST, int]]:
    """Every node inside a function, with its place, the node that holds it, and the first line of the outermost function."""
    for field, value in ast.iter_fields(node):
        for index, one in enumerate(value) if isinstance(value, list) else ((None, value),):
            if not isinstance(one, ast.AST) or field in ("decorator_list", "returns", "annotation"):
                continue
            here = (*place, (field, index))
            if line:
                yield one, here, node, line
            begins = min(part.lineno for part in (one, *one.decorator_list)) if isinstance(one, ast.FunctionDef) else 0
            yield from walk(one, here, line or begins)


def changes(tree: ast.Module) -> Iterator[tuple[Place, Change, str, int]]:
    """Every change: where, what, in words, and in the function that begins at which line."""
    for node, place, holder, line in walk(tree):
        for change, said in (*forced(node, place, holder), *dropped(node), *silenced(node)):
            yield place, change, said, line


def forced(node: ast.AST, place: Place, holder: ast.AST) -> Iterator[tuple[Change, str]]:
    """A condition that is always or never met; `any` for `all` and the reverse."""
    tests = place[-1][0] in ("test", "ifs") and not isinstance(holder, ast.While)
    answers = isinstance(holder, ast.Return) and (
        isinstance(node, ast.Compare | ast.BoolOp) or (isinstance(node, ast.Constant) and isinstance(node.value, bool))
    )
    if tests or answers:
        for value in (True, False):
            if not (isinstance(node, ast.Constant) and node.value is value):
                yield (lambda _, value=value: ast.Constant(value)), f"{ast.unparse(node)} is {value}"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("any", "all"):
        other = {"any": "all", "all": "any"}[node.func.id]
        yield (lambda old: ast.Call(ast.Name(other, ast.Load()), old.args, old.keywords)), f"{ast.unparse(node)} asks {other}"


def dropped(node: ast.AST) -> Iterator[tuple[Change, str]]:
    """One of several conditions, one of several things that are told apart, is left out."""
    parts, name = (node.values, "values") if isinstance(node, ast.BoolOp) else (listed(node), "elts")
    for index in range(len(parts) if len(parts) > 1 else 0):

        def without(old: Any, index: int = index) -> ast.AST:
            rest = [part for position, part in enumerate(getattr(old, name)) if position != index]
            if name == "values":
                return rest[0] if len(rest) == 1 else ast.BoolOp(old.op, rest)
            return type(old)(rest, old.ctx) if isinstance(old, ast.Tuple | ast.List) else ast.Set(rest)

        yield without, f"{ast.unparse(node)} without {ast.unparse(parts[index])}"


def listed(node: ast.AST) -> list[ast.expr]:
    """The members of a tuple, list or set of names and constants that is read."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set) and isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        return node.elts if all(isinstance(part, ast.Constant | ast.Name | ast.Attribute) for part in node.elts) else []
    return []


def silenced(node: ast.AST) -> Iterator[tuple[Change, str]]:
    """A refusal, a note or a call is left out."""
    noted = isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute)
    called = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call | ast.Yield | ast.YieldFrom)
    if isinstance(node, ast.Raise | ast.AugAssign) or noted or called:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Yield | ast.YieldFrom):
            # The function stays a generator.
            yield (lambda old: ast.Expr(ast.YieldFrom(ast.Tuple([], ast.Load())))), f"{ast.unparse(node)} is left out"
        else:
            yield (lambda old: None), f"{ast.unparse(node)} is left out"
