"""Whoever else is asked about in the same call, an answer is the same to the last bit."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recommender.contract.query import Profile, Query

PROFILES = st.builds(
    Profile,
    age=st.none() | st.integers(16, 80),
    skin_type=st.sampled_from([None, "dry", "oily"]),
    concerns=st.sampled_from([(), ("acne",), ("wrinkles", "redness")]),
    avoided_ingredients=st.sampled_from([(), ("fragrance",)]),
)


@st.composite
def asked(draw, engine):
    products = draw(st.lists(st.sampled_from(engine.catalogue.product_ids), max_size=12, unique=True))
    days = sorted(draw(st.lists(st.integers(19_000, 19_300), min_size=len(products), max_size=len(products))))
    return Query(
        draw(st.text(max_size=3)),
        k=draw(st.sampled_from([1, 5, 30])),
        products=products,
        times=[day * 86_400 for day in days] if draw(st.booleans()) else (),
        profile=draw(PROFILES),
    )


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_answers_do_not_depend_on_who_else_is_asked_about(engine, data):
    queries = data.draw(st.lists(asked(engine), min_size=2, max_size=24))
    together = engine.recommend(queries)
    assert together == [engine.recommend([query])[0] for query in queries]
    assert engine.recommend(queries[::-1]) == together[::-1]
