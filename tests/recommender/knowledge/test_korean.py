import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrastructure.errors import ConfigError
from recommender.knowledge.knowledge import Knowledge
from recommender.knowledge.korean import KoreanTranslator
from recommender.knowledge.validation import merged_parts

KNOWLEDGE = Knowledge.load()


def meets(wish, printed):
    return KNOWLEDGE.resolve(wish).meets(KNOWLEDGE.label(printed))


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("소듐하이알루로네이트", "sodium hyaluronate"),
        ("1,2- 헥산다이올", "1,2-hexanediol"),
        ("소듐클로라이드", "sodium chloride"),
        ("에틸헥실글리세린", "ethylhexylglycerin"),
        ("나이아신아 마이드", "niacinamide"),
        ("하이드로제네이티드폴리데센", "hydrogenated polydecene"),
        ("메틸프로판다이올", "methylpropanediol"),
    ],
)
def test_a_korean_name_is_kept_under_its_inci_name(printed, name):
    assert KNOWLEDGE.name(printed) == name


MEANT = {
    "fragrance": """알파-이소메칠이오논 | 부틸페 닐메칠프로피오날 | 메틸다이하이드로자스모네이트
        | 페네틸알코올 | 베티버뿌리오일 | 클레리오일 | 갈바눔수지오일 | 스피어민트잎오일 | 육계잎오일
        | 리날룰 *에센셜오일에서 자연적으로 발견되는 성분 | 향료 | 유향나무오일""",
    "retinoids": "레틴알 | 레틴알(10ppm) | 하이드록시피나콜론레티노에이트",
    "silicones": "폴리메틸실세스퀴옥세인 | 아모다이메티콘 | 실리카다이메틸실릴레이트",
    "nuts": "퀸즈랜드넛오일 | 호두추출물 | 스위트아몬드오일",
    "gluten": "밀추출물 | 귀리커넬가루 0.1%",
    "soy": "돌콩오일",
    "pegs": "폴록사머188",
    "sulfates": "소듐라우릴설페이트 | 암모늄라우레스설페이트",
    "chemical sunscreen": "에칠헥실살리실레이트 | 부틸메톡시다이벤조일메탄",
    "animal-derived": "수용성콜라겐 | 데사미도콜라겐",
    "salicylic acid": "살리실릭애씨드",
    "frankincense": "유향나무오일",
    "향료 무첨가": "Parfum | Linalool | 리날룰",
    "파라벤 프리": "Methylparaben",
    "소듐라우릴설페이트": "Sodium Lauryl Sulfate",
}
NOT_MEANT = {
    "sulfates": "마그네슘설페이트",
    "alcohol": "세테아릴알코올 | 베헤닐알코올 | 벤질알코올",
    "nuts": "레몬밤잎추출물",
    "fragrance": "소듐하이알루로네이트 | 해바라기씨오일",
}


def pairs(table):
    return [(wish, printed.strip()) for wish, row in table.items() for printed in row.split("|")]


@pytest.mark.parametrize(("wish", "printed"), pairs(MEANT))
def test_a_wish_means_a_korean_name(wish, printed):
    assert meets(wish, printed)


@pytest.mark.parametrize(("wish", "printed"), pairs(NOT_MEANT))
def test_a_wish_does_not_mean_a_korean_name(wish, printed):
    assert not meets(wish, printed)


@pytest.mark.parametrize("printed", ["병출추출물", "글리세린쿵쾅", "番紅花", "ромашка", "น้ำ"])
def test_what_cannot_be_read_is_told(printed):
    assert not KNOWLEDGE.label(printed).understood


@pytest.mark.parametrize("printed", ["Unheard Of Extract", "글리세린", "α-Tocopherol", "Tocopherol™", "C12-13파레스-9"])
def test_what_can_be_read_is_told(printed):
    assert KNOWLEDGE.label(printed).understood


@given(st.lists(st.sampled_from(["소듐", "시트레이트", "글리세린", "쿵쾅", "-10", " ", "오일"]), min_size=1))
def test_whole_means_that_every_sign_was_read(pieces):
    korean = KoreanTranslator({"소듐": "sodium", "시트레이트": "citrate", "글리세린": "glycerin", "오일": "oil"})
    found = korean.translate("".join(pieces))
    assert found is None or found.whole == ("쿵쾅" not in pieces)


def test_the_fewest_parts_win():
    korean = KoreanTranslator({"검": "gum", "은": "silver", "뽕나무": "mulberry", "검은뽕나무": "black mulberry"})
    assert korean.translate("검은뽕나무").text == "black mulberry"


@pytest.mark.parametrize(
    ("groups", "field"),
    [
        ({"a": {"검": "gum"}, "b": {"검": "sword"}}, "parts.b.검"),
        ({"a": {"gum": "gum"}}, "parts.a.gum"),
        ({"a": {"검": "검"}}, "parts.a.검"),
        ({"a": {"검": "-"}}, "parts.a.검"),
    ],
)
def test_a_mistake_in_the_parts_is_told_by_field(groups, field):
    with pytest.raises(ConfigError) as told:
        merged_parts(groups)
    assert told.value.field == field
