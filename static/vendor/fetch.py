"""Brings what vendor.json names from npm into this folder.

For developers only: `python static/vendor/fetch.py`, with `npm` installed.
The portal never runs this: the fetched files are committed.
"""

import base64
import hashlib
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


def integrity_of(content: bytes) -> str:
    """npm's own notation: sha512, base64."""
    return "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()


def packed(name: str, version: str, integrity: str, folder: Path) -> Path:
    """The package's archive as npm gives it; a changed one stops everything."""
    command = ["npm", "pack", f"{name}@{version}", "--silent", "--pack-destination", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    (archive,) = folder.glob("*.tgz")
    if integrity_of(archive.read_bytes()) != integrity:
        raise SystemExit(f"{name}@{version}: the archive is not the one that vendor.json names.")
    return archive


def fetch(package: dict) -> None:
    target = HERE / f"{package['name']}-{package['version']}"
    target.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        archive = packed(package["name"], package["version"], package["integrity"], Path(folder))
        with tarfile.open(archive) as tar:
            for path in package["files"]:
                content = tar.extractfile(f"package/{path}").read()
                (target / Path(path).name).write_bytes(content)


if __name__ == "__main__":
    for entry in json.loads((HERE / "vendor.json").read_text("utf-8")):
        fetch(entry)
        print(f"{entry['name']} {entry['version']}")
