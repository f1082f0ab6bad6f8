"""How long functions and files are: `python benchmarks/sizes.py`. Lines; tests, migrations and benchmarks left out."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("up2k_portal", "accounts", "villages", "enterprises", "loans", "imports", "reports", "seeds")


def row(name: str, sizes: list[int]) -> str:
    sizes = sorted(sizes)
    middle, high = sizes[len(sizes) // 2], sizes[len(sizes) * 95 // 100]
    return f"{name:10}{len(sizes):7}{middle:9}{high:7}{sizes[-1]:7}"


def main() -> None:
    files, functions = [], []
    for path in (path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts):
        text = path.read_text(encoding="utf-8")
        if not text:
            continue
        files.append(text.count("\n"))
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                functions.append(node.end_lineno - node.lineno + 1)
    print(f"{'':10}{'count':>7}{'median':>9}{'p95':>7}{'max':>7}")
    print(row("functions", functions))
    print(row("files", files))


if __name__ == "__main__":
    main()
