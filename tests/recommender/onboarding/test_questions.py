"""Questions about doubtful guesses, and what their answers change."""

from dataclasses import replace

import pandas as pd

from recommender.onboarding.found_table import FoundTable
from recommender.onboarding.proposal import Guess, Proposal, TableProposal
from recommender.onboarding.questions import answered, questions
from recommender.onboarding.summary import proposal_told

FOUND = FoundTable("a.csv", "a", {"file": "a.csv"}, pd.DataFrame({"x": ["1"], "y": ["2"], "z": ["3"]}))
OTHER = Guess("brand", {"from": "y"}, 0.5, "part of its name")
BRAND = Guess("brand", {"from": "x"}, 0.52, "its name", others=(OTHER,))
NAME = Guess("name", {"from": "y"}, 0.9, "its name")
PROPOSAL = Proposal("shop", (TableProposal("products", FOUND, {"brand": BRAND, "name": NAME}),))


def test_a_doubtful_guess_is_asked_about_with_all_that_it_may_be():
    (question,) = questions(PROPOSAL)
    assert (question.table, question.ours) == ("products", "brand")
    assert [choice.text for choice in question.choices] == [
        "x: its name",
        "y: part of its name",
        "none of these: leave it out",
    ]


def test_an_answer_settles_the_guess_and_frees_the_column():
    (question,) = questions(PROPOSAL)
    proposal = answered(PROPOSAL, question, 1)
    assert {ours: guess.columns for ours, guess in proposal.tables[0].guesses.items()} == {"brand": ("y",)}
    assert questions(proposal) == []


def test_none_of_these_takes_the_column_out():
    (question,) = questions(PROPOSAL)
    assert set(answered(PROPOSAL, question, 2).tables[0].guesses) == {"name"}


def test_what_should_be_looked_at_is_told_of_columns_and_of_tables():
    (table,) = PROPOSAL.tables
    told = proposal_told(replace(PROPOSAL, tables=(replace(table, notes=("times say no offset",)),)))
    assert "| products | a.csv | 2 | brand |" in told
    assert "To look at: products: times say no offset" in told
