"""Spreadsheet files of a few cells, written by hand: the smallest that Excel and LibreOffice open."""

import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

Sheets = Mapping[str, Sequence[Sequence[Any]]]
_TIME = 1  # the style of a cell that holds a time
ERROR = "#N/A"

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


def write_xlsx(path: Path, sheets: Sheets) -> Path:
    """Write texts, numbers, truths, times and errors (``ERROR``); None is an empty cell."""
    names = list(sheets)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        archive.writestr("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        listed = "".join(
            f'<sheet name="{escape(name)}" sheetId="{at}" r:id="rId{at}"/>' for at, name in enumerate(names, 1)
        )
        archive.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}"><sheets>{listed}</sheets></workbook>'
        )
        parts = [("worksheet", f"worksheets/sheet{at}.xml") for at in range(1, len(names) + 1)]
        archive.writestr("xl/_rels/workbook.xml.rels", _relations([*parts, ("styles", "styles.xml")]))
        archive.writestr("xl/styles.xml", _STYLES)
        for at, name in enumerate(names, 1):
            archive.writestr(f"xl/worksheets/sheet{at}.xml", _sheet(sheets[name]))
    return path


def write_ods(path: Path, sheets: Sheets) -> Path:
    """The same for LibreOffice."""
    tables = "".join(
        f'<table:table table:name="{escape(name)}">'
        + "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
        + "</table:table>"
        for name, rows in sheets.items()
    )
    kind = "urn:oasis:names:tc:opendocument:xmlns:"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{kind}office:1.0" xmlns:table="{kind}table:1.0" '
            f'xmlns:text="{kind}text:1.0"><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>'
            "</office:document-content>",
        )
        archive.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{kind}manifest:1.0"><manifest:file-entry manifest:full-path="/" '
            'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>',
        )
    return path


def _relations(parts: Sequence[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{at}" Type="{_DOCUMENT}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(parts, 1)
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{listed}</Relationships>'
    )


def _sheet(rows: Sequence[Sequence[Any]]) -> str:
    lines = "".join(
        f'<row r="{at}">{"".join(_cell(f"{chr(65 + place)}{at}", cell) for place, cell in enumerate(row))}</row>'
        for at, row in enumerate(rows, 1)
        if any(cell is not None for cell in row)
    )
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData></worksheet>'


def _cell(place: str, cell: Any) -> str:
    if cell is None:
        return ""
    if cell == ERROR:
        return f'<c r="{place}" t="e"><v>{cell}</v></c>'
    return f'<c r="{place}"{_as_kind(cell, _XLSX_KINDS)}</c>'


def _serial(moment: date) -> float:
    whole = moment if isinstance(moment, datetime) else datetime(moment.year, moment.month, moment.day)
    return (whole - datetime(1899, 12, 30)).total_seconds() / 86_400


def _ods_cell(cell: Any) -> str:
    if cell is None:
        return "<table:table-cell/>"
    return f"<table:table-cell office:value-type={_as_kind(cell, _ODS_KINDS)}</table:table-cell>"


def _as_kind(cell: Any, kinds: Mapping[Any, Callable[[Any], str]]) -> str:
    """What a format writes of a cell, by the first of its types that the cell has: a truth is a number, too."""
    return next(written(cell) for kind, written in kinds.items() if isinstance(cell, kind))


_XLSX_KINDS: Mapping[Any, Callable[[Any], str]] = {
    bool: lambda cell: f' t="b"><v>{int(cell)}</v>',
    date: lambda cell: f' s="{_TIME}"><v>{_serial(cell)}</v>',
    int | float: lambda cell: f"><v>{cell}</v>",
    str: lambda cell: f' t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is>',
}
_ODS_KINDS: Mapping[Any, Callable[[Any], str]] = {
    bool: lambda cell: f'"boolean" office:boolean-value="{str(cell).lower()}">',
    date: lambda cell: f'"date" office:date-value="{cell.isoformat()}">',
    int | float: lambda cell: f'"float" office:value="{cell}">',
    str: lambda cell: f'"string"><text:p>{escape(cell)}</text:p>',
}
