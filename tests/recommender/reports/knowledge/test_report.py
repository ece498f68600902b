import pandas as pd
import pytest

from infrastructure.errors import DataError
from recommender.knowledge.knowledge import Knowledge
from recommender.knowledge.schema import Ingredient, IngredientFamily
from recommender.reports.knowledge.coverage import Coverage
from recommender.reports.knowledge.public_inventory import InventoryComparison, PublicInventory
from recommender.reports.knowledge.report import validate

KNOWLEDGE = Knowledge.load()


def inventory(folder, names, synonyms=()):
    folder.mkdir(exist_ok=True)
    pd.DataFrame(names, columns=["inci_name", "function"]).to_parquet(folder / "cosing_2020.parquet")
    pd.DataFrame(synonyms, columns=["name", "synonym"]).to_parquet(folder / "synonyms.parquet")
    return folder


def test_coverage_counts_mentions_and_labels():
    labels = [["Glycerin", "Zyxolide"], ["Glycerin", "Rosa Extract"], ["병출추출물"], []]
    found = Coverage.from_labels(labels, KNOWLEDGE)
    assert (found.products, found.labels, found.mentions.total()) == (4, 3, 5)
    assert found.named == 2
    assert found.resolved == 4  # an extract is a family, whatever of
    assert dict(found.unknown) == {"Zyxolide": 1}
    assert dict(found.unread) == {"병출추출물": 1}
    assert (found.refused, found.partly_unknown) == (1, 1)


def test_a_comparison_names_what_differs(tmp_path):
    knowledge = Knowledge(
        {
            "glycerin": Ingredient(functions=("humectant",)),
            "niacinamide": Ingredient(synonyms=("vitamin b3",), functions=("smoothing",)),
            "unobtainium": Ingredient(),
        },
        {"fragrance": IngredientFamily(meaning="scent", members=("linalool",))},
        {},
    )
    folder = inventory(
        tmp_path / "inventory",
        [("GLYCERIN", "Solvent"), ("NIACINAMIDE", "Smoothing"), ("ISOJASMONE", "Perfuming"), ("LINALOOL", "Perfuming")],
        [("Niacin", ["Vitamin B3"])],
    )
    found = InventoryComparison.between(knowledge, PublicInventory.read(folder), ["Isojasmone", "Linalool", "Glycerin"])
    assert found.compared == 3
    assert found.missing == ("unobtainium",)
    assert found.other_owner == (("niacinamide", "vitamin b3", "niacin"),)
    assert found.other_functions == ("glycerin",)
    assert found.scents == ("Isojasmone",)


def shop(folder, products):
    products.to_csv(folder / "products.csv", index=False)
    pd.DataFrame({"who": ["a"], "what": ["1"], "stars": [5]}).to_csv(folder / "ratings.csv", index=False)
    ingredients = "ingredients: inci, " if "inci" in products else ""
    text = f"""
name: small
tables:
  products: {{file: products.csv, columns: {{{ingredients}product_id: id, name: id}}}}
  ratings: {{file: ratings.csv, columns: {{customer_id: who, product_id: what, rating: stars}}}}
"""
    (folder / "source.yaml").write_text(text)
    return folder / "source.yaml"


def test_the_report_is_a_page_of_figures(tmp_path):
    source = shop(tmp_path, pd.DataFrame({"id": [1, 2], "inci": ["Aqua, Zyxolide", None]}))
    report = validate(source, inventory(tmp_path / "inventory", [("AQUA", "Solvent")]), tmp_path)
    assert "| an INCI name or a family | 1 | 50.0% |" in report
    assert "Zyxolide (1)" in report
    assert "| not in the inventory |" in report
    page = (tmp_path / "ingredients-of-small.md").read_text()
    assert page == f"<!-- Written by beauty validate-knowledge -->\n\n# Ingredients of small\n\n{report}\n"


def test_without_ingredients_or_with_a_broken_inventory_there_is_a_clear_error(tmp_path):
    with pytest.raises(DataError, match="no ingredients"):
        validate(shop(tmp_path, pd.DataFrame({"id": [1]})))
    source = shop(tmp_path, pd.DataFrame({"id": [1], "inci": ["Aqua"]}))
    folder = inventory(tmp_path / "inventory", [("AQUA", "Solvent")])
    (folder / "synonyms.parquet").write_text("no table")
    with pytest.raises(DataError, match=r"synonyms\.parquet"):
        validate(source, folder)
