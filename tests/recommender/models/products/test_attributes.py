import numpy as np

from recommender.models.candidate_batch import CandidateBatch
from recommender.models.candidates import Candidates
from recommender.models.products.attributes import Attribute, brand_codes, category_codes, section_codes
from recommender.models.reranker.attribute_features import AttributeTable, attribute_features
from tests.support.small_catalogue import small_catalogue
from tests.support.small_histories import small_histories

CODES = np.array([0, 0, 1, -1])  # two products of one brand, one of another, one of none
HISTORIES = small_histories([0, 2, 1], [0, 2], [0, 3], [3, 0], [2], [1, 2])


def rates(attribute, *pairs):
    """The transition from each product to the other, as the re-ranker is told of it."""
    before = small_histories(*([product] for product, _ in pairs), products=len(CODES))
    after = Candidates.from_lists([np.array([product]) for _, product in pairs])
    return attribute_features(AttributeTable.from_attributes([attribute], len(CODES)), CandidateBatch(before, after))[3]


def test_rates_are_shares_of_the_purchases_after_a_value_shrunk_by_five():
    attribute = Attribute.fit(CODES, HISTORIES)
    # After brand 0 came brand 1 three times and nothing else known, after brand 1 came brand 0 once.
    np.testing.assert_allclose(rates(attribute, (0, 2), (1, 2), (2, 0)), [3 / 8, 3 / 8, 1 / 6], rtol=1e-6)


def test_what_was_never_seen_or_is_not_known_has_rate_0():
    attribute = Attribute.fit(CODES, HISTORIES)
    assert rates(attribute, (0, 1), (2, 2), (0, 3), (3, 0), (3, 3)).tolist() == [0] * 5


def test_products_without_a_value_are_not_the_same():
    attribute = Attribute.fit(CODES, HISTORIES)
    assert attribute.same(np.array([0, 0, 3]), np.array([1, 2, 3])).tolist() == [True, False, False]


def test_no_value_known_at_all():
    attribute = Attribute.fit(np.full(4, -1), HISTORIES)
    assert rates(attribute, (0, 2)).tolist() == [0]


def test_parts_make_the_same():
    attribute = Attribute.fit(CODES, HISTORIES)
    again = Attribute.from_parts(attribute.arrays())
    pairs = [(before, after) for before in range(4) for after in range(4)]
    np.testing.assert_array_equal(rates(again, *pairs), rates(attribute, *pairs))


def test_codes_tell_values_apart_and_leave_missing_ones_out():
    catalogue = small_catalogue(
        {"brand": "Acme", "category": "Skin > Face > Cream"},
        {"brand": "Bolt", "category": "Skin > Face > Mask"},
        {"brand": None, "category": None},
        {"brand": "Acme", "category": "Skin > Body"},
    )
    assert brand_codes(catalogue).tolist() == [0, 1, -1, 0]
    assert len({*category_codes(catalogue).tolist()}) == 4
    sections = section_codes(catalogue)
    assert sections[0] == sections[1] != sections[3]
    assert sections[2] == -1


def test_several_attributes_are_told_of_as_each_alone():
    attributes = [Attribute.fit(codes, HISTORIES) for codes in (CODES, CODES[::-1], np.arange(4))]
    candidates = Candidates.from_lists([np.array([3, 1, 0, 2])] * 4)
    batch = CandidateBatch(small_histories([0, 1, 2], [3], [], [1, 3, 0], products=4), candidates)
    alone = [attribute_features(AttributeTable.from_attributes([attribute], 4), batch) for attribute in attributes]
    np.testing.assert_array_equal(
        attribute_features(AttributeTable.from_attributes(attributes, 4), batch), np.concatenate(alone)
    )
