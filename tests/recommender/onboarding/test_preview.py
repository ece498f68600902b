"""What cleaning would make of a source file's first rows."""

from recommender.config import RecommenderConfig
from recommender.onboarding.onboard import begin, write
from recommender.onboarding.preview import preview
from recommender.onboarding.summary import preview_told
from tests.support.foreign_shops import EXPORTS, write_csv

SOURCE = """name: shop
tables:
  products: {file: products.csv, columns: {product_id: id, name: name, ingredients: inci}}
  transactions: {file: orders.csv, columns: {customer_id: who, product_id: what, time: at}}
"""


def shop(folder, products=3, orders=20):
    write_csv(folder / "products.csv", ["id", "name", "inci"], ([f"p{i}", f"Cream {i}", ""] for i in range(products)))
    rows = [[f"c{i % 4}", f"p{i % 5}", f"2024-05-{i % 28 + 1:02} 10:00"] for i in range(orders)]
    write_csv(folder / "orders.csv", ["who", "what", "at"], rows)
    (folder / "source.yaml").write_text(SOURCE)
    return folder / "source.yaml"


def test_it_counts_what_is_kept_and_says_why_the_rest_is_not(tmp_path):
    found = preview(shop(tmp_path), RecommenderConfig())

    assert found.counts["transactions"] == {"read": 20, "kept": 12, "quarantined": 8, "repaired": 0}
    assert [(one.table, one.rule, one.rows) for one in found.rejected] == [("transactions", "unknown_product", 8)]
    told = preview_told(found)
    assert "8 with" in told
    assert "ingredients in 100% (such products are never shown to who avoids an ingredient)" in told


def test_rows_of_products_in_the_rest_of_a_table_are_not_judged(tmp_path):
    found = preview(shop(tmp_path, products=5), RecommenderConfig(), first=3)

    assert found.cut == ("products", "transactions")
    assert found.rejected == ()
    assert found.set_aside == {}
    found = preview(shop(tmp_path, products=5, orders=30), RecommenderConfig(), first=4)
    assert found.counts["transactions"]["kept"] == 4
    found = preview(shop(tmp_path, products=8, orders=5), RecommenderConfig(), first=4)
    assert found.counts["transactions"]["read"] == 4


def test_rows_that_cannot_be_judged_are_counted(tmp_path):
    source = shop(tmp_path, products=5)
    rows = [["c1", f"p{4 - i}", "2024-05-01"] for i in range(4)]
    write_csv(tmp_path / "orders.csv", ["who", "what", "at"], rows)

    found = preview(source, RecommenderConfig(), first=4)

    assert found.set_aside == {"transactions": 1}
    assert "1 rows are of products or customers that may be in the rest" in preview_told(found)


def test_a_source_that_cannot_be_read_is_told(tmp_path):
    source = shop(tmp_path)
    (tmp_path / "orders.csv").unlink()

    found = preview(source, RecommenderConfig())

    assert "orders.csv" in found.fault
    assert preview_told(found).startswith("No preview")


def test_a_proposal_previews_without_a_hand(tmp_path):
    EXPORTS["polish"].write(tmp_path)
    write(begin([str(tmp_path)], tmp_path / "source.yaml", "shop"), tmp_path / "source.yaml", [])

    found = preview(tmp_path / "source.yaml", RecommenderConfig())

    assert found.fault == ""
    assert found.counts["transactions"]["kept"] == 200


def test_rows_that_are_left_out_are_told(tmp_path):
    source = shop(tmp_path)
    source.write_text(SOURCE.replace("file: orders.csv,", "file: orders.csv, where: {who: {is_not: c1}},"))

    told = preview_told(preview(source, RecommenderConfig()))

    assert "Left out by 'where': transactions: 5 rows" in told


def test_it_says_what_a_person_may_do(tmp_path):
    told = preview_told(preview(shop(tmp_path), RecommenderConfig()))

    assert "to mend it: the table of products lacks it, or writes the id in another way" in told
