import pytest

from recommender.knowledge.knowledge import Knowledge

KNOWLEDGE = Knowledge.load()


@pytest.mark.parametrize(
    ("search", "terms"),
    [
        ("fragrance free moisturizer", {"fragrance"}),
        ("Fragrance-Free", {"fragrance"}),
        ("no parabens", {"parabens"}),
        ("face wash without sulfates or silicones", {"sulfates", "silicones"}),
        ("paraben and sulfate free shampoo", {"parabens", "sulfates"}),
        ("free from mineral oil", {"mineral oil"}),
        ("alcohol-free toner", {"drying alcohols"}),
        ("no niacinamide serum", {"niacinamide"}),
        ("향료 무첨가 크림", {"fragrance"}),
        ("파라벤프리 로션", {"parabens"}),
        ("shampoo ohne sulfates und silicones", {"sulfates", "silicones"}),
        ("paraben-frei", {"parabens"}),
        ("alcoholfrei toner", {"drying alcohols"}),
        ("crème sans parabens ni silicones", {"parabens", "silicones"}),
        ("crema sin perfume", {"fragrance"}),
        ("senza parabens", {"parabens"}),
        ("frei von mineral oil", {"mineral oil"}),
        ("sans soucis cream", set()),
        ("serum with retinol", set()),
        ("retinol serum", set()),
        ("no parabens vitamin c serum", {"parabens"}),
        ("unscented cleanser", {"fragrance"}),
        ("crème sans parfum", {"fragrance"}),
        ("parfümfreie Creme", {"fragrance"}),
        ("walnut free scrub", {"nuts"}),
        ("cruelty free mascara", set()),
        ("no 7 day cream", set()),
        ("free shipping", set()),
        ("free", set()),
        ("without", set()),
        ("", set()),
    ],
)
def test_what_a_search_wants_left_out(search, terms):
    assert KNOWLEDGE.excluded_terms(search) == terms
