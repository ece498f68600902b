import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from infrastructure.errors import ConfigError
from recommender.knowledge import schema
from recommender.knowledge.customer_words.phrasing import names_nothing
from recommender.knowledge.knowledge import Knowledge

KNOWLEDGE = Knowledge.load()


def meets(wish, printed):
    return KNOWLEDGE.resolve(wish).meets(KNOWLEDGE.label(printed))


MEANT = {
    "fragrance": """Parfum | FRAGRANCE (PARFUM) | parfum/fragrance | Natural Fragrance | Parfum (Fragrance) (235/007)
        | Limonene | linalool | Benzyl Alcohol | Lavandula Angustifolia (Lavender) Oil | Rosa Damascena Flower Oil
        | Geraniol and Fragrance/Parfum | Parfum/Fra- grance | Aroma | 향료 | 리모넨 | Evernia Prunastri Extract""",
    "parabens": "Methylparaben | Sodium Methylparaben | Isobutylparaben | Phenoxyethanol (and) Propylparaben",
    "sulfates": """Sodium Laureth Sulfate | Sodium Lauryl Sulphate | TEA-Lauryl Sulfate | Disodium Laureth Sulfate
        | Sodium Coco-Sulfate | Ammonium Lauryl Sulfate (from coconut) | Sodium C12-13 Pareth Sulfate""",
    "alcohol": """Alcohol | Alcohol Denat. | SD Alcohol 40-B (Alcohol Denat.) | Isopropyl Alcohol | Ethanol
        | Organic Sugarcane Alcohol | Cetyl Alcohol SD Alcohol 40 | 변성알코올""",
    "silicones": """Dimethicone | Cyclopentasiloxane | PEG/PPG-18/18 Dimethicone | Dimethicone/Vinyl Dimethi-cone
        | Trimethylsiloxysilicate | 다이메티콘""",
    "retinoids": "Retinol | Retinyl Palmitate (Vitamin A) | Hydroxypinacolone Retinoate | Encapsulated Retinal",
    "mineral oil": "Petrolatum | Mineral Oil (Paraffinum Liquidum/Huile Minerale) | Cera Microcristallina",
    "essential oils": "Citrus Limon (Lemon) Peel Oil | Melaleuca Alternifolia Leaf Oil | Ylang Ylang Essential Oil",
    "gluten": "Hydrolyzed Wheat Protein | Avena Sativa (Oat) Kernel Extract | Triticum Vulgare Germ Oil",
    "nuts": "Prunus Amygdalus Dulcis (Sweet Almond) Oil | Macadamia Ternifolia Seed Oil | Peanut Oil",
    "formaldehyde": "DMDM Hydantoin | Diazolidinyl Urea | Imidazolidinyl Urea | Quaternium-15",
    "niacinamide": "Niacinamide (Vitamin B3) | NICOTINAMIDE | Encapsulated Niacinamide Complex | 나이아신아마이드",
    "sls": "Sodium Lauryl Sulfate",
    "sunflower": "Helianthus Annuus (Sunflower) Seed Oil | Helianthus Annuus Seed Oil",
    "coconut": "Glycerin (derived from Coconut) | Cocos Nucifera Oil | Cocamidopropyl Betaine",
}
NOT_MEANT = {
    "fragrance": "Glycerin | Linum Seed Oil (non-fragrant plant oil) | Fragrance-free base | Rosa Canina Fruit Oil",
    "sulfates": "Magnesium Sulfate | Zinc Sulfate | Sodium C14-16 Olefin Sulfonate | Chondroitin Sulfate",
    "alcohol": """Cetearyl Alcohol | Stearyl Alcohol (texture enhancer) | Benzyl Alcohol | Lanolin Alcohol
        | C14-22 Alcohols | Phenoxyethanol | Polyvinyl Alcohol | Phenethyl Alcohol | Aminomethyl Propanol
        | 세틸알코올""",
    "silicones": "Silica | Triethoxycaprylylsilane",
    "parabens": "Phenoxyethanol",
    "retinoids": "Phloretin",
    "essential oils": """Simmondsia Chinensis (Jojoba) Seed Oil | Rosa Canina (Rosehip) Fruit Oil | Squalane Oil
        | Citrus Grandis Seed Oil | Salvia Hispanica Seed Oil""",
    "urea": "Diazolidinyl Urea",
    "phthalates": "Diethylhexyl 2,6-Naphthalate | Polyethylene Terephthalate",
    "milk": "Silybum Marianum (Milk Thistle) Extract | Coconut Milk",
    "ahas": "Citric Acid | Hyaluronic Acid",
    "ethanolamines": "Camellia Sinensis (Green Tea) Leaf Extract | Tea Tree Oil",
}


def pairs(table):
    return [(wish, printed.strip()) for wish, row in table.items() for printed in row.split("|")]


@pytest.mark.parametrize(("wish", "printed"), pairs(MEANT))
def test_a_wish_means(wish, printed):
    assert meets(wish, printed)


@pytest.mark.parametrize(("wish", "printed"), pairs(NOT_MEANT))
def test_a_wish_does_not_mean(wish, printed):
    assert not meets(wish, printed)


@pytest.mark.parametrize(
    "wish",
    ["paraben", "Parabens", "PARABEN-FREE", "no parabens", "free of parabens", "without parabens", "paraben allergy"],
)
def test_ways_to_say_one_thing(wish):
    assert KNOWLEDGE.resolve(wish) == KNOWLEDGE.resolve("parabens")


def test_several_things_in_one_wish():
    assert meets("no parabens and sulfates", "Methylparaben")
    assert meets("limonene, linalool", "Linalool")


def test_known_names_within_a_sentence_count():
    assert meets("anything with retinol please", "Retinyl Palmitate")
    assert meets("products with strong fragrance", "Linalool")
    assert not meets("rice water", "Aqua")


def test_a_misspelt_wish_still_counts():
    assert meets("fragance", "Parfum")


def test_one_word_for_two_things_means_both():
    assert meets("BHA", "Salicylic Acid")
    assert meets("BHA", "Butylated Hydroxyanisole")


def test_an_unknown_wish_means_the_labels_with_its_words():
    assert meets("Zyxolide", "Bis-Ethyl (Zyxolide) Extract")
    assert not meets("Zyxolide", "Glycerin")


def spellings(name):
    """The many ways in which a label or a customer may print a name."""
    frames = [
        "{}",
        " {} ",
        "{}*",
        "{}.",
        "{} 2%",
        "({})",
        "Certified Organic {}",
        "May contain: {}",
        "Aqua/{}",
        "Blend ({})",
    ]
    cases = [str.upper, str.lower, str.title, str.swapcase]
    return st.builds(lambda frame, case: frame.format(case(name)), st.sampled_from(frames), st.sampled_from(cases))


NAMES = [
    *KNOWLEDGE.ingredients,
    *(synonym for entry in KNOWLEDGE.ingredients.values() for synonym in entry.synonyms),
    *(member for family in KNOWLEDGE.families.values() for member in family.members),
]


@given(st.data(), st.sampled_from(NAMES))
def test_every_known_name_is_met_in_every_spelling(data, name):
    printed, wished = data.draw(spellings(name)), data.draw(spellings(name))
    assert meets(wished, printed)


@given(st.data(), st.sampled_from([(key, m) for key, family in KNOWLEDGE.families.items() for m in family.members]))
def test_every_member_is_met_by_its_family(data, membership):
    family, member = membership
    assert meets(family, data.draw(spellings(member)))


@given(st.text(min_size=1, max_size=30))
@example("A%(")
@example("A:F\rA:A:F")
def test_any_text_means_itself(text):
    if KNOWLEDGE.label(text).words and not names_nothing(text):
        assert meets(text, text)


def test_a_name_keeps_what_else_the_label_says():
    assert KNOWLEDGE.name("WATER (Aqua/Eau)") == "water"
    assert KNOWLEDGE.name("Niacinamide (Vitamin B3)") == "niacinamide"
    assert KNOWLEDGE.name("Glycerin (derived from Coconut)") == "glycerin (derived from coconut)"
    assert KNOWLEDGE.name("Unheard Of Extract*") == "unheard of extract"


@given(st.sampled_from(NAMES))
def test_a_name_means_what_the_label_meant(name):
    assert KNOWLEDGE.label(KNOWLEDGE.name(name)).terms >= KNOWLEDGE.label(name).terms


@pytest.mark.parametrize(
    ("word", "concern"),
    [("Dark Spots", "pigmentation"), ("wrinkles", "ageing"), ("blackheads", "acne"), ("Anti-Aging", "ageing"),
     ("Acne/Blemishes", "acne"), ("dryness", "dryness"), ("rosacea", "redness"), ("excess sebum", "oiliness")],
)  # fmt: skip
def test_words_for_concerns(word, concern):
    assert KNOWLEDGE.concern(word) == concern


def test_words_for_concerns_are_told_once_each_and_others_left_out():
    assert KNOWLEDGE.concerns_called(["Wrinkles", "mortgage", "rosacea", "fine lines"]) == ("ageing", "redness")


def test_an_unknown_concern_is_none():
    assert KNOWLEDGE.concern("mortgage") is None


def test_concerns_in_a_claim():
    assert KNOWLEDGE.concerns_in("Good for: Dark spots & Fine Lines/Wrinkles") == {"pigmentation", "ageing"}


def test_concerns_of_an_ingredient_and_of_its_families():
    assert "redness" in KNOWLEDGE.concerns_of("NIACINAMIDE")
    assert KNOWLEDGE.concerns_of("Acetyl Hexapeptide-8") == ("ageing",)
    assert KNOWLEDGE.concerns_of("Sodium Hydroxide") == ()


def written(folder, **changes):
    """A folder of knowledge files in which some are changed."""
    for name in ("ingredients", "families", "concerns", "korean"):
        text = changes.get(name) or (schema.FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"families": "sources: []\nfamilies: {a: {meaning: x, families: [b]}}"}, "a.families"),
        ({"families": "sources: []\nfamilies: {a: {meaning: x, patterns: ['(']}}"}, "a"),
        ({"families": "sources: []\nfamilies: {a: {meaning: x, colour: red}}"}, "families.a.colour"),
        ({"families": "sources: []\nfamilies: {a: {meaning: x, members: [vitamin b3]}}"}, "a.members"),
        ({"ingredients": "sources: []\ningredients: {a: {concerns: [envy]}}"}, "a.concerns"),
        ({"ingredients": "sources: []\ningredients: {a: {synonyms: [x]}, b: {synonyms: [X.]}}"}, "b.synonyms"),
    ],
)
def test_a_mistake_in_the_files_is_told_by_field(tmp_path, change, field):
    with pytest.raises(ConfigError) as told:
        Knowledge.load(written(tmp_path, **change))
    assert told.value.field == field
