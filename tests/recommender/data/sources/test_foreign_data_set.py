"""A data set that looks nothing like ours comes in by a YAML file alone."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from recommender.contract import columns as c
from recommender.data.cleaning.prepare import Prepared, prepare
from recommender.data.sources.ingest import ingest
from settings.config import Config

SOURCE = """
name: drogerie
tables:
  customers:
    file: kunden.csv
    delimiter: ";"
    encoding: latin-1
    columns:
      customer_id: Kundennr
      birth_year: Jahrgang
      region: Ort
      skin_type: {from: Hauttyp, values: {trocken: dry, fettig: oily, unbekannt: null}}
      concerns: {from: Wünsche, separator: "/", values: {Rötung: redness, Falten: ageing}}
      signup_time: {from: Seit, format: "%d.%m.%Y"}
  products:
    file: artikel.jsonl
    decimal: ","
    thousands: "."
    columns:
      product_id: nr
      name: bezeichnung
      category: {from: [bereich, gruppe]}
      functions: wirkung
      ingredients: inhalt
      price: preis
      stock: {from: lieferbar, values: {true: 1, false: 0}}
  transactions:
    file: bons.csv.gz
    delimiter: "|"
    columns:
      transaction_id: bon
      customer_id: kunde
      product_id: artikel
      quantity: menge
      unit_price: {from: cent, scale: 0.01}
      time: {from: zeit_ms, format: ms}
  events:
    file: gemerkt.parquet
    columns:
      customer_id: wer
      product_id: was
      type: {constant: save}
      time: wann
"""


@pytest.fixture
def prepared(tmp_path: Path) -> Prepared:
    (tmp_path / "kunden.csv").write_bytes(
        (
            "Kundennr;Jahrgang;Ort;Hauttyp;Wünsche;Seit;Notiz\n"
            "007;1984;Köln;trocken;Rötung/Falten;01.02.2020;x\n"
            "008;;Münster;unbekannt;;31.02.2020;\n"
        ).encode("latin-1")
    )
    articles: list[dict[str, Any]] = [
        {"nr": 12, "bezeichnung": "Sérum", "bereich": "Pflege", "gruppe": "Gesicht", "wirkung": ["Feuchtigkeit"],
         "inhalt": "Aqua, Glycerin (pflanzlich), Parfum.", "preis": "1.249,50 €", "lieferbar": True},
        {"nr": 13, "bezeichnung": "Seife", "bereich": "Pflege", "gruppe": None, "wirkung": None,
         "inhalt": None, "preis": "2,95", "lieferbar": False},
    ]  # fmt: skip
    lines = [json.dumps(article, ensure_ascii=False) for article in articles]
    (tmp_path / "artikel.jsonl").write_text("\n".join(lines), encoding="utf-8")
    pd.DataFrame(
        {
            "bon": ["b1", "b1", "b2"],
            "kunde": ["007", "007", "008"],
            "artikel": [12, 13, 13],
            "menge": [1, 2, 1],
            "cent": [124950, 295, 295],
            "zeit_ms": ["1735725600000", "1735725600000", "gestern"],
        }
    ).to_csv(tmp_path / "bons.csv.gz", sep="|", index=False)
    pd.DataFrame(
        {"wer": ["008"], "was": pd.array([12], "Int64"), "wann": [datetime(2025, 1, 2, 8, tzinfo=UTC)]}
    ).to_parquet(tmp_path / "gemerkt.parquet")
    source = tmp_path / "drogerie.yaml"
    source.write_text(SOURCE, encoding="utf-8")
    return prepare(ingest(source), Config())


def rows(table: pd.DataFrame | None, *columns: str) -> list[list[Any]]:
    assert table is not None
    found = table[[*columns]].astype(object)
    return found.where(found.notna(), None).to_numpy().tolist()


def test_customers(prepared: Prepared) -> None:
    columns = (c.CUSTOMER_ID, c.BIRTH_YEAR, c.REGION, c.SKIN_TYPE, c.CONCERNS, c.SIGNUP_TIME)
    assert rows(prepared.tables.customers, *columns) == [
        ["007", 1984, "Köln", "dry", ["redness", "ageing"], pd.Timestamp("2020-02-01", tz="UTC")],
        ["008", None, "Münster", None, None, None],
    ]


def test_products(prepared: Prepared) -> None:
    columns = (c.PRODUCT_ID, c.NAME, c.CATEGORY, c.FUNCTIONS, c.INGREDIENTS, c.PRICE, c.STOCK)
    assert rows(prepared.tables.products, *columns) == [
        ["12", "Sérum", "Pflege > Gesicht", ["Feuchtigkeit"], ["Aqua", "Glycerin (pflanzlich)", "Parfum"], 1249.5, 1],
        ["13", "Seife", "Pflege", None, None, 2.95, 0],
    ]


def test_transactions(prepared: Prepared) -> None:
    columns = (c.TRANSACTION_ID, c.CUSTOMER_ID, c.PRODUCT_ID, c.QUANTITY, c.UNIT_PRICE, c.TIME, c.POSITION)
    time = pd.Timestamp("2025-01-01T10:00Z")
    assert rows(prepared.tables.transactions, *columns) == [
        ["b1", "007", "12", 1, 1249.5, time, 0],
        ["b1", "007", "13", 2, 2.95, time, 1],
    ]


def test_events(prepared: Prepared) -> None:
    columns = (c.EVENT_ID, c.CUSTOMER_ID, c.TYPE, c.PRODUCT_ID, c.TIME)
    assert rows(prepared.tables.events, *columns) == [["row-0", "008", "save", "12", pd.Timestamp("2025-01-02T08:00Z")]]


def test_what_could_not_be_read_is_told_as_it_stood(prepared: Prepared) -> None:
    assert prepared.quarantine[[c.TABLE, c.ROW, c.RULE]].to_numpy().tolist() == [["transactions", 2, "unreadable_time"]]
    assert "'gestern'" in prepared.quarantine[c.REASON].iloc[0]
    assert "'31.02.2020'" in prepared.repairs[c.REASON].iloc[0]
