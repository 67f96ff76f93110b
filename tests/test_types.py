"""Every public function and method of the package has types, and mypy finds that they fit."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import restoration

PACKAGE = Path(restoration.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))


def unannotated(tree):
    """Yield a line per public function or method of a module that lacks the type of an argument or of its result."""
    functions = [(node, False) for node in tree.body]
    functions += [(node, True) for one in tree.body if _is_public(one, ast.ClassDef) for node in one.body]
    for node, is_method in functions:
        if _is_public(node, ast.FunctionDef):
            static = any(getattr(mark, "id", None) == "staticmethod" for mark in node.decorator_list)
            positional = [*node.args.posonlyargs, *node.args.args][is_method and not static :]
            given = [*positional, *node.args.kwonlyargs, *filter(None, (node.args.vararg, node.args.kwarg))]
            lacking = [argument.arg for argument in given if argument.annotation is None]
            if lacking or node.returns is None:
                yield f"line {node.lineno}, {node.name}: {', '.join(lacking) or 'the result'}"


def _is_public(node, kind):
    return isinstance(node, kind) and (node.name == "__call__" or not node.name.startswith("_"))


def test_the_check_finds_what_lacks_types():
    source = (
        "def f(a): ...\nclass C:\n    def g(self, b: int, *c) -> int: ...\n    def _h(self, d): ...\ndef k(e: int): ..."
    )
    assert list(unannotated(ast.parse(source))) == ["line 1, f: a", "line 5, k: the result", "line 3, g: c"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_public_functions_have_types(path):
    assert list(unannotated(ast.parse(path.read_text()))) == []


def test_mypy(repo):
    said = subprocess.run([sys.executable, "-m", "mypy"], cwd=repo, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout
