from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrastructure.errors import ConfigError
from recommender.knowledge import schema
from recommender.knowledge.knowledge import Knowledge
from recommender.knowledge.languages import read_languages
from recommender.knowledge.spelling import plain, sound, spellings

KNOWLEDGE = Knowledge.load()
LANGUAGES = tuple(read_languages(schema.FOLDER / "languages"))


def families(text):
    return KNOWLEDGE.label(text).terms & KNOWLEDGE.families.keys()


def hidden_from(wish, printed):
    """Whether a product with this name is kept from a customer with this wish."""
    label = KNOWLEDGE.label(printed)
    return KNOWLEDGE.resolve(wish).meets(label) or not label.understood


def pairs(table):
    return [(wish, printed.strip()) for wish, row in table.items() for printed in row.split("|")]


MEANT = {
    "nuts": """Mandelöl | MANDELOEL | Süßmandelöl | Erdnussöl | ERDNUSSOEL | Haselnussöl
        | Huile d'arachide | Huile d\u2019amande douce
        | Huile de noisette | Aceite de almendras dulces | Aceite de avellana | Avellana | Olio di mandorle dolci
        | Olio di nocciola | Óleo de amêndoas doces | Óleo de amendoim | amandelolie | Arachideolie | Olej migdałowy
        | Olej z orzechów laskowych | Mandelolja | Jordnøddeolie | Mantelivoi | Mandlový olej | Mandulaolaj
        | Ulei de migdale | Бадемово масло | Αμυγδαλέλαιο | Bademovo ulje | Mandljevo olje | Migdolų aliejus
        | Mandeļu eļļa | Mandliõli""",
    "fragrance": """Duftstoffe | Parfümöl | Fragancia | Fragrância | Profumo | Geurstoffen | Kompozycja zapachowa
        | Parfym
        | Parfume | Hajuste | Vonné látky | Illatanyag | Parfumuri | Парфюм | Άρωμα | Mirisi | Dišava
        | Kvapiosios medžiagos | Smaržvielas | Lõhnaained | Coumarine | Cumarina | Kumarin | Linalol | Limonène
        | LIMONENO | Géraniol | Citronelol
        | Ätherisches Lavendelöl | Huile essentielle de citron | Olio essenziale di lavanda | alcool benzylique""",
    "gluten": """Weizenkeimöl | Protéines de blé hydrolysées | Proteine del grano idrolizzate | Avena | Haferextrakt
        | Tarweproteïne""",
    "milk": "Milchprotein | Protéine de lait | Leche de cabra | latte | Ziegenmilch | Molke | Lactosérum | Serwatka",
    "bee products": """Bienenwachs | Cire d'abeille | Cera de abejas | Cera d'api | Wosk pszczeli | Honig | Miel | Miód
        | Gelée Royale""",
    "soy": "Sojaöl | Huile de soja | Aceite de soja | Olio di soia | Olej sojowy",
    "sesame": "Sesamöl | Huile de sésame | Ajonjolí | Olej sezamowy",
    "coconut": "Kokosöl | Huile de coco | Aceite de coco | Olio di cocco | Olej kokosowy",
    "lanolin": "Wollwachs | Lanoline | Lanolina | Wolvet | graisse de laine",
    "sulfates": """Natriumlaurylsulfat | Laurylsulfate de sodium | Lauril sulfato de sodio | Sodio lauril solfato
        | Laurylosiarczan sodu | lauril éter sulfato sódico""",
    "parabens": "Methylparabène | Metilparabeno | Metyloparaben | Propylparabeen",
    "alcohol": "Alkohol denat. | Alcool dénaturé | Alcohol desnaturalizado | Weingeist | Ethanol",
    "silicones": "Diméthicone | Dimeticona | Dimethicon | Silikonöl",
    "salicylic acid": "Salicylsäure | Acide salicylique | Ácido salicílico | Kwas salicylowy",
    "mineral oil": "Mineralöl | Paraffinöl | Huile minérale | Aceite mineral | Olej parafinowy | Vaselina",
    "colorants": "Farbstoffe | Eisenoxide | Oxydes de fer",
    "Nüsse": "Prunus Amygdalus Dulcis Oil | Erdnussöl",
    "Duftstoffe": "Parfum | Linalool",
    "huiles essentielles": "Lavandula Angustifolia Oil",
    "cacahuetes": "Arachis Hypogaea Oil",
    "Alkohol": "Alcohol Denat.",
}


@pytest.mark.parametrize(("wish", "printed"), pairs(MEANT))
def test_what_a_label_names_in_a_national_language_is_met(wish, printed):
    assert KNOWLEDGE.resolve(wish).meets(KNOWLEDGE.label(printed))


NOT_MEANT = {
    "alcohol": "Alcohol cetílico | Alcool cétéarylique | Cetylalkohol | Alkohol cetylowy | Wollwachsalkohol",
    "nuts": "Kwas migdałowy | Mandelsäure | Rosskastanie | Noix de coco",
    "milk": "Milchsäure | Acide lactique | Kwas mlekowy",
    "fragrance": "Wasser | Eau | Agua | Glycérine | Sheabutter",
}


@pytest.mark.parametrize(("wish", "printed"), pairs(NOT_MEANT))
def test_what_only_sounds_like_it_is_not_met(wish, printed):
    assert not KNOWLEDGE.resolve(wish).meets(KNOWLEDGE.label(printed))


@pytest.mark.parametrize(
    "printed",
    [
        "Huile de truquette",
        "Extrakt aus Bucheckernschalen",
        "Extracto de guayusa silvestre",
        "olio di qualcosa",
        "Schafmilch",
        "Borretschsamenöl mit Quitsche",
        "Λαδανον",
        "масло ши от нещо",
        "Olej z czegoś",
    ],
)
def test_a_name_of_a_national_language_that_no_table_has_is_not_understood(printed):
    assert not KNOWLEDGE.label(printed).understood


@pytest.mark.parametrize(
    "printed",
    [
        "Water (Aqua, Eau)",
        "Aqua (Eau)",
        "Parfum (Fragrance)",
        "Beeswax (Cire d'abeille)",
        "Beta Vulgaris (Beet) Root Extract/Extrait de racine de betterave",
        "Unheard Of Extract",
        "Citrus Aurantium var. Amara Flower Oil",
        "Perilla Ocymoides Seed Extract",
        "Ethylhexyl Methoxycrylene",
        "CI 77891",
        "Solanum Lycopersicum (Tomato) Seed Oil",
        "α-Tocopherol",
    ],
)
def test_an_inci_name_is_understood(printed):
    assert KNOWLEDGE.label(printed).understood


def test_an_inci_name_keeps_its_families():
    assert "fragrance" in families("Citrus aurantium var. Amara (Neroli) Flower Oil")


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Mandelöl", "prunus amygdalus dulcis oil"),
        ("Beurre de karité", "butyrospermum parkii butter"),
        ("Extrait de feuille de thé vert", "camellia sinensis leaf extract"),
        ("Extracto de Centella Asiática", "centella asiatica extract"),
        ("Kwas hialuronowy", "hyaluronic acid"),
    ],
)
def test_a_national_name_is_kept_under_its_inci_name(printed, name):
    assert KNOWLEDGE.name(printed) == name


def oils(language):
    """The language's own word for oil, where it appends that to a noun."""
    return [word for word, meaning in language.words.items() if meaning == "oil" and language.compounds][:1]


WORDS = [
    (word, meaning, [] if " " in word else oils(language))
    for language in LANGUAGES
    for word, meaning in language.words.items()
    if families(meaning)
]
PHRASES = ["{}", "huile de {}", "extrait d'{}", "aceite de {}", "olio di {}", "olej {}", "{} olie", "extracto de {}"]


@given(st.sampled_from(WORDS), st.sampled_from([str, str.upper, str.lower, plain]), st.data())
def test_no_member_of_a_family_is_understood_and_missed(entry, written, data):
    word, meaning, endings = entry
    form = data.draw(st.sampled_from([*PHRASES, *("{}" + oil for oil in endings)]))
    printed = written(form.format(word))
    label = KNOWLEDGE.label(printed)
    wanted = families(meaning) if form == "{}" else families(meaning) & families(f"{meaning} xx")
    assert not label.understood or label.terms >= wanted, (printed, label)


@given(st.sampled_from(WORDS))
def test_a_word_is_met_in_every_spelling(entry):
    word, meaning, _ = entry
    for spelling in spellings(word):
        assert families(spelling) & families(meaning), spelling


def test_every_meaning_is_known_or_plain_english():
    known = frozenset(
        chain.from_iterable(
            plain(name).replace("-", " ").split() for name in (*KNOWLEDGE.ingredients, *KNOWLEDGE.families)
        )
    )
    meanings = {meaning for language in LANGUAGES for meaning in language.words.values()}
    assert all(meaning.isascii() and meaning == meaning.lower() for meaning in meanings)
    assert sum(bool(known & set(meaning.split())) for meaning in meanings) > len(meanings) / 2


def test_one_substance_has_one_sound():
    said = {sound(plain(name)) for name in ("coumarin", "Coumarine", "cumarina", "kumarin", "Kumaryna")}
    assert said == {"kumarin"}


def test_a_wrong_table_is_refused(tmp_path):
    (tmp_path / "xx.yaml").write_text("sources: []\nparts: {words: {a: almond, b/a: honey}}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="twice"):
        list(read_languages(tmp_path))
    (tmp_path / "xx.yaml").write_text("sources: []\nparts: {words: {a: миндаль}}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="Latin"):
        list(read_languages(tmp_path))


MISPRINTED = {
    "fragrance allergens": "Alpha-Isomethyl lonone | Hexamenthylindanopryan | Linaloool | Hydroxy citronelal",
    "silicones": "Dimethcone",
    "halogenated preservatives": "lodopropynyl butylcarbamate",
    "glycols": "Butlyene glycol | Propilenoglicol | BG | DPG",
    "phas": "Gluconolattone | Gliconolactona",
    "synthetic polymers": "Poliquatérnio-10",
    "plant oils": "Argania Spinosa Kernel (Argan) Öl | Óleo de linhaça | Canola oil",
}


@pytest.mark.parametrize(("wish", "printed"), pairs(MISPRINTED))
def test_names_that_nearly_spell_a_member_are_hidden(wish, printed):
    assert wish in families(printed)


@pytest.mark.parametrize("printed", ["Quaternium-18", "Ethyl acetate", "Glycerin", "Niacinamide", "Ammonium chloride"])
def test_another_name_or_number_is_no_misprint(printed):
    assert not families(printed)


@pytest.mark.parametrize("printed", ["Haferflocken", "Weizenaminosäuren"])
def test_german_compounds_of_cereals_have_gluten(printed):
    assert "gluten" in families(printed)


SCENTED_ALONE = """Lavendelblüten | lavanda | Cannelle | eucalyptus et pin | Menthe poivrée | árbol de té
    | Flores de lavanda | romero | Orange | Citrus Limon (Zitrone) Öl | Lavandula Angustifolia (Lavendel) Oel"""


@pytest.mark.parametrize("printed", [name.strip() for name in SCENTED_ALONE.split("|")])
def test_scented_plants_alone_may_be_their_oils(printed):
    assert {"essential oils", "fragrance"} <= families(printed)


@pytest.mark.parametrize("printed", ["Orange 4 (CI 15510)", "Citrus Sinensis (Orange) Fruit Extract", "Lemon juice"])
def test_scented_plants_within_a_name_are_not_their_oils(printed):
    assert "essential oils" not in families(printed)


@pytest.mark.parametrize("printed", ["Vitamine A", "vitamina A", "Witamina A", "die Vitamine A", "Vitamin A"])
def test_the_letter_of_a_vitamin_counts(printed):
    assert "not in pregnancy" in families(printed)


@pytest.mark.parametrize("printed", ["Vitamine E", "vitamina E"])
def test_another_vitamin_is_another(printed):
    assert families(printed) == {"vitamin e"}


@pytest.mark.parametrize(("wish", "printed"), [("fragrance allergens", "Hexylzimt"), ("essential oils", "Spearmintöl")])
def test_german_scents(wish, printed):
    assert wish in families(printed)


@pytest.mark.parametrize(
    ("wish", "printed"),
    [
        ("fragrance", "香料"),
        ("alcohol", "エタノール"),
        ("parabens", "メチルパラベン"),
        ("lanolin", "ラノリン"),
        ("milk", "乳糖"),
        ("soy", "ダイズ油"),
        ("gluten", "コムギ胚芽油"),
        ("nuts", "アーモンド油"),
        ("silicones", "ジメチコン"),
        ("essential oils", "ラベンダー油"),
        ("glycols", "BG"),
        ("fragrance", "Parfum 香料"),
    ],
)
def test_japanese_is_never_understood_and_missed(wish, printed):
    assert hidden_from(wish, printed)


@pytest.mark.parametrize(
    "printed",
    [
        "ξψ",
        "Parfum ξψ",
        "น้ำหอม",
        "Parfum น้ำหอม",
        "عطر",
        "בושם",
        "香料",
        "Huile d'olive 香",
        "글리세린 香",
        "香 aqua huile",
    ],
)
def test_a_script_that_no_table_reads_is_not_understood(printed):
    assert not KNOWLEDGE.label(printed).understood


@pytest.mark.parametrize(
    "printed", ["α-Isomethyl Ionone", "β-Glucan", "Άρωμα", "Γλυκερίνη", "Βαζελίνη", "Парфюм", "글리세린"]
)
def test_a_script_that_a_table_reads_is_understood(printed):
    assert KNOWLEDGE.label(printed).understood
