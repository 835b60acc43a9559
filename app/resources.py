"""Where the files live that are not Python: the same question in a checkout and in an installed product.

A checkout keeps templates/ and migrations/ beside app/; a wheel carries them inside the package, in app/shipped/.
"""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def templates_dir(package: Path = PACKAGE) -> Path:
    """The folder of templates. FileNotFoundError when the product was installed without it."""
    return _folder(package, "templates")


def migrations_dir(package: Path = PACKAGE) -> Path:
    """The folder of migrations, with env.py and versions/. FileNotFoundError when the product was installed without it."""
    return _folder(package, "migrations")


def _folder(package: Path, name: str) -> Path:
    shipped = package / "shipped" / name
    beside = package.parent / name
    # Shipped comes first: beside an installed package lie other people's packages, and one may be called `migrations`.
    for folder in (shipped, beside):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"The folder {name} is missing from {package.parent}. Install agoat-publisher again.")
