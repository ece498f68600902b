"""What kind of file this is, by its first bytes, whatever it is called."""

import re
import zipfile
from pathlib import Path
from typing import Final

_SIGNATURES: Final = {
    b"\x1f\x8b": ".gz",
    b"BZh": ".bz2",
    b"\xfd7zXZ\x00": ".xz",
    b"\x28\xb5\x2f\xfd": ".zst",
    b"PK\x03\x04": ".zip",
    b"PK\x05\x06": ".zip",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": ".xls",
    b"PAR1": ".parquet",
    b"Obj\x01": ".avro",
    b"%PDF": ".pdf",
    b"7z\xbc\xaf\x27\x1c": ".7z",
    b"Rar!": ".rar",
    b"SQLite format 3\x00": ".sqlite",
}
_HEAD: Final = 1 << 12
_HTML: Final = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|table)\b", re.IGNORECASE | re.DOTALL
)
_XML: Final = re.compile(rb"\s*<\?xml\b")
_JSON: Final = re.compile(rb"\s*(?:\[\s*[\[{]|\{\s*\")")


def content_suffix(path: Path) -> str | None:
    """How the name of a file with this content would end; ``.html``, ``.xml`` or ``.json`` by its text.

    None for any other text, and for bytes that are not known.
    """
    with path.open("rb") as content:
        head = content.read(_HEAD)
    known = next((suffix for signature, suffix in _SIGNATURES.items() if head.startswith(signature)), None)
    return _in_archive(path) if known == ".zip" else known or _of_text(head.removeprefix(b"\xef\xbb\xbf"))


def _in_archive(path: Path) -> str:
    """Spreadsheets are archives, too."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if "mimetype" in names and b"opendocument.spreadsheet" in archive.read("mimetype"):
                return ".ods"
    except zipfile.BadZipFile:
        return ".zip"
    binary = any(name.startswith("xl/workbook.bin") for name in names)
    return ".xlsb" if binary else ".xlsx" if any(name.startswith("xl/") for name in names) else ".zip"


def _of_text(head: bytes) -> str | None:
    for pattern, suffix in ((_HTML, ".html"), (_XML, ".xml"), (_JSON, ".json")):
        if pattern.match(head):
            return suffix
    return None
