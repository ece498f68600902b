"""The families against their sources: each name that an annex gives is in its family, and nothing there is dead."""

import re
from pathlib import Path

import pytest
import yaml

from recommender.knowledge import inci
from recommender.knowledge.knowledge import Knowledge
from recommender.reports.knowledge.annex_check import check_record, recorded_annexes
from tests.support.regular_expressions import alternatives

KNOWLEDGE = Knowledge.load()
REAL_NAMES = yaml.safe_load(Path(__file__).with_name("real_names.yaml").read_text(encoding="utf-8"))

# Each was missed once, or its kind was. The number before the bar is the entry of Annex III, where there is one.
BELONGS = {
    "fragrance allergens": """356 | Eugenia Caryophyllus Leaf Oil | Eugenia Caryophyllus (Clove) Flower Oil
        | Eugenia Caryophyllus Oil | Eugenia Caryophyllata Bud Oil | Syzygium Aromaticum (Clove) Bud Oil | Clove Oil
        362 | Mentha Spicata Leaf Oil | Mentha Spicata (Spearmint) Herb Oil | Spearmint Oil | Mentha Viridis Leaf Oil
        361 | Peppermint Oil 354 | Lemongrass Oil | Lemon Grass Oil | Cymbopogon Flexuosus Oil
        109 | Pinus Mugo | Pinus Mugo Twig Leaf Extract 114 | Pinus Pumila | Pinus Pumila Needle Extract
        122 | Cedrus Atlantica Bark Water | Cedrus Atlantica Oil/Extract
        366 | Rosa Canina Flower Oil | Rosa Moschata Flower Oil | Rose Flower Oil/Extract
        157 | Rose Ketone-1 | Rose Ketone-2 | Rose Ketone-3 | Rose Ketone-4 | Rose Ketone-5 | Trans-Rose Ketone-5
        | Rose Ketones | delta-Damascone | beta-Damascenone
        341 | alpha-Santalol | beta-Santalol 343 | alpha-Terpineol | beta-Terpineol | gamma-Terpineol | 4-Terpineol
        336 | Galaxolide 371 | alpha-Pinene | L-beta-Pinene 333 | l-Carvone 338 | l-Menthol 331 | d-Camphor
        154 | Myroxylon Pereirae Resin | Balsam Peru 175 | Propylidene Phthalide 90 | alpha Isomethyl Ionone
        88 | Dipentene 368 | Eugenyl Acetate 339 | Trimethylcyclopentenyl Methylisopentenol""",
    "formaldehyde": """Dimethyl Oxazolidine | 7-Ethylbicyclooxazolidine | MDM Hydantoin | Dimethylol Urea
        | Dimethylol Glycol | Polyoxymethylene Melamine | Imidazolidinylurea | Diazolidinylurea | Quaternium-15
        | Tris(Hydroxymethyl)Nitromethane | Benzyl Hemiformal | Polyquaternium-7, Quaternium-15""",
    "retinoids": """Retinoxytrimethylsilane | Sodium Retinoyl Hyaluronate | Retinoyl Tripeptide-1
        | Retinoyl Pentapeptide-4 | Hydroxypinacolone Retinoate | Hydroxy Pinacolone Retinoate
        | Dimethylbutanone Retinoate | Diretinyl Ether
        | Trifarotene | Bis-Retinamido Methylpentane""",
    "not in pregnancy": """Retinoxytrimethylsilane | Sodium Retinoyl Hyaluronate | Retinoyl Tripeptide-1 | Tretinoin
        | Hydroxypinacolone Retinoate | Hydroquinone""",
    "sulfates": """Sodium Caprylyl Sulfate | Sodium Cocomonoglyceride Sulfate | Ammonium Capryleth Sulfate
        | Ammonium Cocomonoglyceride Sulfate | Ammonium Nonoxynol-4 Sulfate | Ammonium Palm Kernel Sulfate
        | Arginine PEG-4 Cocamide Sulfate | Disodium Ethylene Dicocamide PEG-15 Disulfate
        | Ethyl PEG-15 Cocamine Sulfate | Magnesium PEG-3 Cocamide Sulfate | Sodium Babassu Sulfate
        | Sodium Butoxynol-12 Sulfate
        | Sodium Coco/Babassu/Andiroba Sulfate | Sodium Laneth Sulfate | Sodium Lauryl Hydroxyacetamide Sulfate
        | Sodium Octoxynol-9 Sulfate | Sodium PEG-4 Lauramide Sulfate | Sodium Stearic Acid Sulfate
        | Sodium/MEA-PEG-3 Cocamide Sulfate | Sulfated Castor Oil | Sulfated Glyceryl Oleate | TEA-Laneth-5 Sulfate""",
    "drying alcohols": """Alcool | Alcool Denat. | Alcohol etílico | Álcool isopropílico | Alcool éthylique
        | Cetyl Alcohol SD Alcohol 40 | Isoamyl Alcohol | 2-Propanol""",
    "pegs": "Oleth-10 | Sodium Laureth Sulfate | Octoxynol-9 | Nonoxynol-9 | Poloxamine 304 | Isoceteth-20",
    "nuts": "Almondamidopropyl Betaine | Peanutamide MEA | Sodium Sweetalmondamphoacetate | Pinus Koraiensis Seed Oil",
    "soy": "Soyamidopropyl Betaine | Soymilk | Sodium Soyate | Soytrimonium Chloride",
    "gluten": "Wheatgermamidopropyl Ethyldimonium Ethosulfate | Triticum-Secale Cereale Seed Extract",
    "sesame": "Sesamidopropyl Betaine",
    "milk": "Milkamidopropyl Betaine | Lactoferrin | Lactis Serum Proteinum",
    "animal-derived": """Sodium Tallowate | Tallowtrimonium Chloride | Sericin | Hydrolyzed Conchiolin Protein
        | Adeps Bovis | Glyceryl Lanolate | Shark Liver Oil | Fish Oil | Sodium Chondroitin Sulfate
        | Swiftlet Nest Extract""",
    "lanolin": "Isopropyl Lanolate | Lanosterol",
    "sunscreens chemical": """PEG-25 PABA | 4-Methylbenzylidene Camphor | Sodium Phenylbenzimidazole Sulfonate
        | Padimate O""",
    "ethanolamines": "MEA-Lauryl Sulfate | Disodium Cocamido MEA-Sulfosuccinate | TEA Lauryl Sulfate",
    "pfas": "Trifluoropropyl Dimethicone | C9-13 Fluoroalcohol",
    "aluminium compounds": "Potassium Alum",
    "halogenated preservatives": "Chlorhexidine Diacetate | Bronopol | Climbazole",
    "glycols": "Butoxydiglycol | 1,5-Pentanediol",
}
DOES_NOT_BELONG = {
    "fragrance allergens": """Rosa Canina Fruit Oil | Rosa Moschata Seed Oil | Camphor Benzalkonium Methosulfate
        | Lemon Seed Oil | Caryophyllene Oxide | Orange Roughy Oil""",
    "formaldehyde": "Silicone Quaternium-15 | Polyquaternium-15 | Dimethylolpropionic Acid | Trimethylolpropane",
    "retinoids": "Phloretin | Hesperetin Laurate | Beta-Carotene",
    "sulfates": "Behentrimonium Methosulfate | Sodium Chondroitin Sulfate | Sodium Sulfated Hyaluronate",
    "drying alcohols": """alcohol cetílico | alcohol cetearílico | Alcohol estearílico | alcohol cetoestearílico
        | Alcool cétylique | alcool stéarylique | Alcool cetilico | Álcool cetoestearílico | Cetylalkohol
        | Cetyl Alkohol | alcohol bencílico | alcool benzylique | Alcool de lanoline | Isocetyl Alcohol | Nonyl Alcohol
        | VP/Vinyl Alcohol Copolymer | Amylcinnamyl Alcohol | Trimethylcyclohexene-1-Methanol""",
    "vitamin c": "Acer Saccharum Sap | Betula Pendula Sap Extract",
    "ethanolamines": "Tea-Tree Oil | Black Tea Ferment",
    "nuts": "Horse Chestnut Extract | Coconut Alcohol | Arachidyl Alcohol",
    "gluten": "Buckwheat Extract",
    "animal-derived": "Oyster Mushroom Extract | Musk Ketone | Sponge Gourd Extract",
    "pfas": "Synthetic Fluorphlogopite | Ammonium Hexafluorophosphate | Sodium Fluoride",
    "glycols": "Poly(1,4-Butanediol)-14 | 2-Bromo-2-Nitropropane-1,3-Diol",
}


def pairs(table):
    parts = ((wish, part.strip()) for wish, row in table.items() for part in row.split("|"))
    found = ((wish, re.sub(r"(^|\s+)\d+$", "", part)) for wish, part in parts)
    return [(wish, name) for wish, name in found if name]


@pytest.mark.parametrize(("wish", "printed"), pairs(BELONGS))
def test_a_name_belongs_to_its_family(wish, printed):
    assert KNOWLEDGE.resolve(wish).meets(KNOWLEDGE.label(printed))


@pytest.mark.parametrize(("wish", "printed"), pairs(DOES_NOT_BELONG))
def test_a_name_does_not_belong_to_a_family(wish, printed):
    assert not KNOWLEDGE.resolve(wish).meets(KNOWLEDGE.label(printed))


def test_every_name_of_an_annex_is_in_its_family():
    annexes = recorded_annexes()
    check_record(KNOWLEDGE, annexes)
    allergens = annexes["III"].families["fragrance allergens"]
    assert set(allergens) >= {"45", "67", "92", "109", "114", "122", "157", "324", *map(str, range(327, 372))}


def names_of(family):
    return [name for name in REAL_NAMES.get(family, ()) if family in KNOWLEDGE.label(name).terms]


@pytest.mark.parametrize("family", [key for key, family in KNOWLEDGE.families.items() if family.patterns])
def test_every_alternative_of_a_pattern_is_met_by_a_real_name(family):
    names = names_of(family)
    tried = {one for pattern in KNOWLEDGE.families[family].patterns for one in alternatives(pattern)}
    assert not [one for one in tried if not any(re.search(one, name) for name in names)]


@pytest.mark.parametrize("family", [key for key, family in KNOWLEDGE.families.items() if family.words])
def test_every_word_is_met_by_a_real_name(family):
    names = [inci.stems(name) for name in names_of(family)]
    words = {word: inci.stems(word) for word in KNOWLEDGE.families[family].words}
    assert not [word for word, stems in words.items() if not any(within(stems, name) for name in names)]


def within(phrase, words):
    return any(words[at : at + len(phrase)] == phrase for at in range(len(words)))


def test_a_pattern_that_never_matches_is_found():
    dead = r"\b(clove|eugenia caryophyll)\b.*\boil"
    missed = [one for one in alternatives(dead) if not re.search(one, "eugenia caryophyllus (clove) leaf oil")]
    assert missed == [r"\b(eugenia caryophyll)\b.*\boil"]


@pytest.mark.parametrize(
    ("expression", "parts"),
    [
        ("a", ["a"]),
        ("a(b|c)d|e", ["a(b)d", "a(c)d", "e"]),
        (r"(a|b)(?:c|d)", ["(a)(?:c|d)", "(b)(?:c|d)", "(a|b)(?:c)", "(a|b)(?:d)"]),
        (r"(x(y|z)|w)", ["(x(y))", "(x(z))", "(w)"]),
        (r"[a|b](?!c|d)\(x\|y\)", [r"[a|b](?!c|d)\(x\|y\)"]),
    ],
)
def test_an_expression_is_taken_apart(expression, parts):
    assert [*alternatives(expression)] == parts
