"""What customers had declared comes back from a bundle, and from nowhere else."""

from hypothesis import given
from hypothesis import strategies as st

from recommender.models.avoidances import Avoidances
from recommender.models.bundle import Bundle, new_bundle
from recommender.models.model_data import avoidances

words = st.lists(st.sampled_from(["parfum", "nuts", "milk"]), max_size=3, unique=True).map(tuple)


@given(st.dictionaries(st.text(min_size=1, max_size=5), words, max_size=8), st.text(max_size=5))
def test_every_customer_gets_what_was_declared_and_others_nothing(declared, other):
    found = Avoidances.from_declared(declared)

    assert {customer: found.avoided_by(customer) for customer in declared} == declared
    assert found.avoided_by(other) == declared.get(other, ())
    assert found.nobody_declared is not any(declared.values())


def test_a_bundle_keeps_them_without_a_customers_id(tmp_path):
    with new_bundle(tmp_path / "bundle", {}) as writer:
        Avoidances.from_declared({"ann@shop": ("parfum", "nuts"), "bob": ()}).write(writer)

    found = Avoidances.read(Bundle.open(tmp_path / "bundle"))

    assert (found.avoided_by("ann@shop"), found.avoided_by("bob"), found.complete) == (("parfum", "nuts"), (), True)
    assert not [file for file in (tmp_path / "bundle").rglob("*") if file.is_file() and b"ann@" in file.read_bytes()]


def test_where_nobody_has_said_anything_is_declared_nothing_is_certain():
    found = Avoidances.unknown()

    assert (found.avoided_by("ann"), found.complete, found.nobody_declared) == ((), False, False)


def test_customers_without_history_count_too(tables_of):
    tables = tables_of(
        products={"product_id": ["a"], "name": ["Cream"]},
        customers={"customer_id": ["x", "new", "none"], "avoided_ingredients": [[], ["nuts"], None]},
        transactions={"customer_id": ["x"], "product_id": ["a"], "time": ["2024-03-01"]},
    )

    found = avoidances(tables)

    assert [found.avoided_by(customer) for customer in ("x", "new", "none")] == [(), ("nuts",), ()]


def test_a_shop_whose_customers_declare_nothing_has_nobody(tables_of):
    tables = tables_of(
        products={"product_id": ["a"], "name": ["Cream"]},
        transactions={"customer_id": ["x"], "product_id": ["a"], "time": ["2024-03-01"]},
    )

    assert avoidances(tables).nobody_declared
