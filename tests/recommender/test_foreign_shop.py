"""A data set that looks nothing like ours goes from its YAML file to lists: the very lists that our own form gives."""

import pandas as pd
import pytest
import yaml
from pandas.testing import assert_frame_equal

from infrastructure.settings import checked
from recommender.synthetic.settings import SyntheticSettings
from recommender.synthetic.shop import generate
from tests.support.command_line import beauty

DIRT = dict.fromkeys(type(SyntheticSettings().dirt).model_fields, 0)
SHOP = {"seed": 1, "customers": 100, "products": 80, "days": 200, "dirt": DIRT}
SKIN = {"dry": "trocken", "oily": "fettig", "combination": "Mischhaut", "normal": "normal", "sensitive": "empfindlich"}
DEEDS = {"view": "Ansicht", "search": "Suche", "like": "Herz", "save": "Merkzettel", "add_to_cart": "Korb",
         "click": "Klick", "purchase": "Kauf", "dismiss": "weg", "rate_recommendation": "Urteil"}  # fmt: skip

SOURCE = f"""
name: parfuemerie
tables:
  customers:
    file: kunden.csv
    delimiter: ";"
    encoding: latin-1
    columns:
      customer_id: Käufer
      birth_year: Jahrgang
      region: Gegend
      skin_type: {{from: Haut, values: { ({theirs: ours for ours, theirs in SKIN.items()}) }}}
      concerns: {{from: Nöte, separator: "/"}}
      avoided_ingredients: {{from: Meidet, separator: "/"}}
      signup_time: {{from: Seit, format: "%d.%m.%Y"}}
  products:
    file: artikel.csv.gz
    delimiter: "|"
    encoding: latin-1
    decimal: ","
    columns:
      product_id: Art-Nr
      name: Bezeichnung
      brand: Haus
      category: {{from: [Bereich, Gruppe, Untergruppe]}}
      functions: {{from: Wirkung, separator: "#"}}
      ingredients: Inhalt
      price: Preis
      stock: Lager
      launched: {{from: Neu, format: "%d.%m.%Y"}}
      rating_mean: Note
      rating_count: Noten
      loves: Herzen
  transactions:
    file: bons.jsonl
    columns:
      transaction_id: bon
      customer_id: wer
      product_id: was
      quantity: menge
      unit_price: {{from: cent, scale: 0.01}}
      time: {{from: um, format: ms}}
      position: platz
  ratings:
    file: noten.csv
    delimiter: ";"
    decimal: ","
    columns: {{customer_id: Wer, product_id: Was, rating: Sterne, time: {{from: Um, format: "%d.%m.%Y %H:%M:%S"}}}}
  events:
    file: klicks.parquet
    columns:
      event_id: nr
      customer_id: wer
      session_id: besuch
      type: {{from: tat, values: { ({theirs: ours for ours, theirs in DEEDS.items()}) }}}
      product_id: was
      query: frage
      time: {{from: sekunde, format: s}}
"""


def european(numbers):
    """1249.5 as "1.249,50", and what is missing as nothing."""
    return numbers.map(lambda number: f"{number:,.2f}".translate(str.maketrans(",.", ".,")), na_action="ignore")


def printed(times, form):
    return pd.to_datetime(times, utc=True, format="ISO8601").dt.strftime(form)


def epoch(times, unit):
    return pd.to_datetime(times, utc=True, format="ISO8601").astype("datetime64[ns, UTC]").astype("int64") // unit


def joined(lists, mark):
    return lists.map(lambda cell: mark.join(cell) if cell else None, na_action="ignore")


def write_foreign(tables, folder):
    """The shop's tables as a German shop of another age might keep them."""
    of, at = tables["customers"], {"index": False, "sep": ";", "encoding": "latin-1"}
    pd.DataFrame(
        {"Seit": printed(of["signup_time"], "%d.%m.%Y"), "Käufer": of["customer_id"], "Haut": of["skin_type"].map(SKIN),
         "Jahrgang": of["birth_year"].astype("Int64"), "Gegend": of["region"], "Nöte": joined(of["concerns"], "/"),
         "Meidet": joined(of["avoided_ingredients"], "/"), "Notiz": "schön"}
    ).to_csv(folder / "kunden.csv", **at)  # fmt: skip
    of = tables["products"]
    parts = of["category"].str.split(" > ", expand=True)
    pd.DataFrame(
        {"Art-Nr": of["product_id"], "Bezeichnung": of["name"], "Haus": of["brand"], "Bereich": parts[0],
         "Gruppe": parts[1], "Untergruppe": parts[2], "Wirkung": joined(of["functions"], "#"),
         "Inhalt": joined(of["ingredients"], ", "), "Preis": european(of["price"]), "Lager": of["stock"],
         "Neu": printed(of["launched"], "%d.%m.%Y"), "Note": european(of["rating_mean"]),
         "Noten": of["rating_count"], "Herzen": of["loves"]}
    ).to_csv(folder / "artikel.csv.gz", **at | {"sep": "|"})  # fmt: skip
    of = tables["transactions"]
    pd.DataFrame(
        {"um": epoch(of["time"], 1_000_000), "bon": of["transaction_id"], "wer": of["customer_id"],
         "was": of["product_id"], "menge": of["quantity"], "cent": (of["unit_price"] * 100).round().astype("Int64"),
         "platz": of["position"]}
    ).to_json(folder / "bons.jsonl", orient="records", lines=True)  # fmt: skip
    of = tables["ratings"]
    pd.DataFrame(
        {"Wer": of["customer_id"], "Was": of["product_id"], "Um": printed(of["time"], "%d.%m.%Y %H:%M:%S"),
         "Sterne": of["rating"].map(lambda stars: f"{stars:.1f}".replace(".", ","))}
    ).to_csv(folder / "noten.csv", **at)  # fmt: skip
    of = tables["events"]
    pd.DataFrame(
        {"nr": of["event_id"], "wer": of["customer_id"], "besuch": of["session_id"], "tat": of["type"].map(DEEDS),
         "was": of["product_id"], "frage": of["query"], "sekunde": epoch(of["time"], 1_000_000_000)}
    ).to_parquet(folder / "klicks.parquet")  # fmt: skip
    (folder / "parfuemerie.yaml").write_text(SOURCE, encoding="utf-8")
    return folder / "parfuemerie.yaml"


@pytest.fixture
def recommended(tmp_path):
    """What ``beauty recommend`` writes for a source file."""
    quick = tmp_path / "quick.yaml"
    quick.write_text(yaml.safe_dump({"model": {"ranker": {"enabled": False}}}))

    def lists(source):
        target = tmp_path / "lists.parquet"
        assert beauty("recommend", "--source", source, "--out", target, "--config", quick).exit_code == 0
        return pd.read_parquet(target)

    return lists


def test_a_foreign_form_gives_the_same_lists_as_our_own(tmp_path, recommended):
    ours = tmp_path / "ours.yaml"
    ours.write_text(yaml.safe_dump({"name": "ours", "synthetic": SHOP}))
    theirs = write_foreign(generate(checked(SyntheticSettings, SHOP, where="test")), tmp_path)
    lists = recommended(theirs)
    assert lists["customer_id"].nunique() > SHOP["customers"] / 2
    assert_frame_equal(lists, recommended(ours))
