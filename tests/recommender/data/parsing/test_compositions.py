"""Text in the place of a composition, and compositions of which a part is missing."""

import pandas as pd
import pytest

from recommender.data.parsing.cells import as_lists
from recommender.data.parsing.compositions import composition


def read(cell: object) -> list[str] | None:
    """What preparation makes of a cell of a source."""
    return composition(as_lists(pd.Series([cell]), label=True)[0])


@pytest.mark.parametrize(
    "text",
    [
        "See packaging", "#NAME?", "#REF!", "No Info", "N/A", "n.a.", "TBC", "-", "--", "?", "0", "12%", "null", "None",
        "nan", "unknown", "Coming soon", "Not available", "ingredients", "Ingredients: see box", "k.A.",
        "Wird nachgereicht",
        "https://shop.example/p/1?fragrance=1", "www.shop.com/parfum", "info@shop.com", "<img src='label.png'>",
        "Please refer to the product packaging for ingredients.", "Ingredients may change, consult the packaging",
        "Siehe Verpackung", "Zutaten siehe Packung", "Bitte beachten Sie die Angaben auf der Verpackung.",
        "Voir l'emballage", "Les ingrédients sont disponibles sur notre site.", "Consultar el envase", "Ver etiqueta",
        "Vedi confezione", "Si prega di consultare l'etichetta", "상세페이지 참조", "제품 뒷면을 확인하세요",
        "Our cream contains water and glycerin.", "Enriched with aloe vera, vitamin E and shea butter.",
        "Hydrates, soothes and softens skin.", "Vitamin C brightens the skin while niacinamide evens tone.",
        "Free from parabens", "Vegan, cruelty free, paraben free", "Key ingredients: Niacinamide, Zinc PCA",
        "Contains fragrance. See packaging for the full list.", "Aqua, Glycerin, Parfum etc.", "Aqua, Glyc…",
        "Aqua, Glycerin, Lim\ufffdnene", "Aqua Glycerin Alcohol Parfum", "Aqua_Glycerin_Parfum", "Aqua-Glycerin-Parfum",
    ],
)  # fmt: skip
def test_a_text_that_is_no_whole_composition_is_none(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Parfum", ["Parfum"]),
        ("Aqua, Mica. Ingredients are subject to change.", ["Aqua", "Mica", "Ingredients are subject to change"]),
        ("Ingredients: Aqua, Parfum", ["Aqua", "Parfum"]),
        ("Aqua, Glycerin, free from parabens, 0% silicones", ["Aqua", "Glycerin"]),
        ("Aqua, Glycerin, contains no fragrance", ["Aqua", "Glycerin"]),
        ("Aqua, without parabens but with limonene", ["Aqua", "without parabens but with limonene"]),
        ("Вода, Глицерин", ["Вода", "Глицерин"]),
        (["Water", "Alcohol, Parfum"], ["Water", "Alcohol", "Parfum"]),
        ([], []),
    ],
)  # fmt: skip
def test_what_names_ingredients_stays(text: object, names: list[str]) -> None:
    assert read(text) == names


def test_a_whole_label_may_refer_to_the_packaging() -> None:
    names = ["Aqua", "Glycerin", "Niacinamide", "Parfum", "Limonene"]
    remark = "Please refer to the packaging for the latest list of ingredients"
    assert read(f"{', '.join(names)}. {remark}.") == [*names, remark]
    assert read(f"{', '.join(names[:3])}. {remark}.") is None


def test_labels_that_end_at_the_longest_ones_length_are_cut_off() -> None:
    cells = pd.Series(
        [f"{first}, Water, Parfum, {'Glycerin, ' * 20}"[:120] for first in ("Mica", "Talc", "Zinc", "Aqua")]
    )
    read = [composition(names) for names in as_lists(cells, label=True)]
    assert read == [None] * 4
