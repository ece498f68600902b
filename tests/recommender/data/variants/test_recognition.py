"""Which names are variants of one product, in the languages of shops; made up, or of general knowledge."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.data.variants.recognition import NamedProduct, recognised_families

SAME = [
    # English
    ("Night Cream 50ml", "Night Cream 100 ml"),
    ("Night Cream, 1.7 fl. oz.", "Night Cream"),
    ("Night Cream 1.7oz/50ml", "Night Cream 3.4 oz / 100 ml"),
    ("Olive Soap (Pack of 3)", "Olive Soap"),
    ("Olive Soap, 2-Pack", "Olive Soap 6 count"),
    ("Body Wash, 16-Ounce Bottle (Pack of 2)", "Body Wash 8 oz"),
    ("3 Bottles Argan Oil", "Argan Oil"),
    ("Set of 3 Argan Oil", "Argan Oil"),
    ("Mini Argan Oil", "Argan Oil Refill"),
    ("Argan Oil Travel Size", "Argan Oil 0.5 oz"),
    ("Foundation #12", "Foundation #30"),
    ("Foundation #21 Natural Ivory", "Foundation"),
    ("Matte Foundation - 01 Ivory", "Matte Foundation - 03 Honey Beige"),
    ("Matte Foundation 21N", "Matte Foundation 23N"),
    ("Matte Foundation (Light Beige)", "Matte Foundation (Deep Brown)"),
    ("Matte Foundation, Medium Warm", "Matte Foundation, Light"),
    ("Lip Balm - Deep Red", "Lip Balm - Rose Pink"),
    ("Satin Lipstick #Ruby", "Satin Lipstick #Coral"),
    ("Satin Lipstick Rose Pink", "Satin Lipstick Red"),
    ("Satin Lipstick 01", "Satin Lipstick 12 Nude"),
    ("Matte Foundation 110N", "Matte Foundation 220W"),
    ("Lippenstift Satin Rot", "Lippenstift Satin Rosa"),
    ("Rouge à lèvres mat n°12", "Rouge à lèvres mat n°15"),
    ("Son kem lì màu đỏ", "Son kem lì màu hồng"),
    ("[NEW] Argan Oil 30ml", "Argan Oil"),
    ('Lip Balm, "Deep Red"', "Lip Balm, “Coral”"),
    ("Buy 1 Get 1 Argan Oil", "Argan Oil"),
    ("B5 Serum 30ml", "B5 Serum 50ml"),
    # Vietnamese
    ("Combo 2 Kem Chống Nắng Dịu Nhẹ 60ml", "Kem Chống Nắng Dịu Nhẹ 60ml"),
    ("Combo 3 Sữa Rửa Mặt Trà Xanh", "Sữa rửa mặt trà xanh 100g"),
    ("Mặt Nạ Giấy Dưỡng Ẩm Hộp 10 Miếng", "Mặt Nạ Giấy Dưỡng Ẩm 25ml"),
    ("Mặt Nạ Giấy Dưỡng Ẩm (Hộp 10 miếng)", "Mặt nạ giấy dưỡng ẩm"),
    ("Nước Tẩy Trang 50ml x 2", "Nước Tẩy Trang 500ml"),
    ("Nước Tẩy Trang Chai 500ml", "Bộ 2 Nước Tẩy Trang"),
    ("Viên Uống Đẹp Da 60 viên", "Viên Uống Đẹp Da 30 Viên"),
    ("Kem Dưỡng Tuýp 50g", "Kem Dưỡng Hũ 30g"),
    ("Mua 1 Tặng 1 Kem Dưỡng Ẩm", "Kem Dưỡng Ẩm (Tặng kèm bông tẩy trang)"),
    ("Son Lì - Màu Đỏ", "Son Lì - Màu Hồng"),
    # Korean
    ("[1+1] 독도 수분 토너 200ml*2개 기획", "독도 수분 토너 200ml"),
    ("독도 수분 토너 200ml 단품", "[더블기획] 독도 수분 토너 100ml+100ml"),
    ("시카 마스크팩 10매", "시카 마스크팩 1매입"),
    ("커버 쿠션 21호 라이트 베이지", "커버 쿠션 23호 샌드"),
    ("수분 크림 50ml 기획 (+크림 10ml)", "수분 크림 80ml 대용량"),
    ("수분 크림 리필 50ml", "수분 크림 50ml 본품"),
    # Japanese
    ("しっとりシートマスク 10枚入り", "しっとりシートマスク 30枚"),
    ("薬用化粧水 200mL 2個セット", "薬用化粧水 100mL"),
    ("薬用化粧水 つめかえ用 180ml", "薬用化粧水 本体 200ml"),
    ("ビタミン錠 60粒", "ビタミン錠 120粒"),
    ("ファンデーション 01 ライトベージュ", "ファンデーション 02 ナチュラルベージュ"),
    # Chinese
    ("玻尿酸保湿面膜 5片装", "玻尿酸保湿面膜 10片"),
    ("氨基酸洗面奶 100克", "氨基酸洗面奶 150g×2"),
    ("保湿爽肤水 替换装 200毫升", "保湿爽肤水 200ml"),
    ("丝绒口红 #01 豆沙色", "丝绒口红 #02 红色"),
    # German
    ("Feuchtigkeitscreme Urea 50 ml", "Feuchtigkeitscreme Urea 2er Pack"),
    ("Feuchtigkeitscreme Urea 2er-Set", "Feuchtigkeitscreme Urea, Doppelpack"),
    ("Haarkapseln Biotin 60 Stück", "Haarkapseln Biotin 120 Stk."),
    ("Flüssigseife Olive Nachfüllpack 500 ml", "Flüssigseife Olive 300ml"),
    # French
    ("Lot de 2 Crème hydratante visage 40 ml", "Crème Hydratante Visage 1,5 l"),
    ("Shampooing doux éco-recharge 500ml", "Shampooing doux 250ml"),
    ("Rouge à lèvres mat - 03 Rouge", "Rouge à lèvres mat - 05 Nude"),
    # Spanish, Portuguese, Italian
    ("Pack de 3 Champú Suave 400 ml", "Champú suave 1 litro"),
    ("Crema de manos 12 unidades", "Crema de manos 50 ml"),
    ("Kit com 2 Sabonete Líquido", "Sabonete líquido 250ml"),
    ("Bagnoschiuma Lavanda Confezione da 3", "Bagnoschiuma lavanda 500 ml"),
    # Polish, Dutch, Turkish, Russian, Indonesian, Thai, Arabic
    ("Krem do rąk 75 ml", "Zestaw 2 Krem do rąk"),
    ("Chusteczki nawilżane 64 szt.", "Chusteczki nawilżane 120 szt"),
    ("Set van 2 Dagcrème Gevoelig", "Dagcrème gevoelig 50 ml"),
    ("Nemlendirici Krem 2'li Paket", "Nemlendirici Krem 50 ml"),
    ("Крем для рук 75 мл", "Крем для рук 2 шт"),
    ("Тканевая маска 10 шт.", "Тканевая маска 25 мл"),
    ("Masker Wajah Isi 10", "Masker Wajah 1 pcs"),
    ("ครีมกันแดด 50 มล.", "ครีมกันแดด 30 มล."),
    ("كريم مرطب 50 مل", "كريم مرطب 100 مل"),
]

DIFFERENT = [
    ("Night Cream 50ml", "Day Cream 50ml"),
    ("Vitamin C Serum 10", "Vitamin C Serum 20"),
    ("Vitamin C 10% Serum 30 ml", "Vitamin C 20% Serum 30 ml"),
    ("Retinol 0.3% Cream", "Retinol 0.5% Cream"),
    ("Retinol 0,3 % Creme", "Retinol 0,5 % Creme"),
    ("Sunscreen SPF 30 50ml", "Sunscreen SPF 50 50ml"),
    ("Sunscreen SPF 50", "Sunscreen SPF 50+"),
    ("Sunscreen SPF 30", "Sunscreen SPF 50"),
    ("Biotin 500 mg", "Biotin 1000 mg"),
    ("Green Tea Toner", "Green Tea Toner Pad"),
    ("Green Tea Toner 200ml", "Green Tea Toner Pads 70 pads"),
    ("Eau N°5 50 ml", "Eau N°19 50 ml"),
    ("No. 5 Parfum", "No. 19 Parfum"),
    ("Gold Mask 24k", "Gold Mask 18k"),
    ("Serum B3", "Serum B5"),
    ("Maison - Acne Cleanser", "Maison - Day Cream"),
    ("Hydra Serum - Vitamin C", "Hydra Serum - Retinol"),
    ("Body Wash - Lavender", "Body Wash - Coconut"),
    ("[Vitamin C] Serum", "[Retinol] Serum"),
    ("Shampoo 250 ml", "Shampoo + Conditioner 250 ml"),
    ("Clarifying Lotion 2", "Clarifying Lotion 3"),
    ("3 Step Kit", "5 Step Kit"),
    ("2x Collagen Cream", "10x Collagen Cream"),
    ("Ageless 30+ Cream", "Ageless 50+ Cream"),
    ("", ""),
    ("50 ml", "100 ml"),
    ("Kem Chống Nắng SPF 30", "Kem Chống Nắng SPF 50"),
    ("Kem Dưỡng Ngày 50g", "Kem Dưỡng Đêm 50g"),
    ("Combo Sữa Rửa Mặt + Toner", "Sữa Rửa Mặt"),
    ("Nước Hoa Hồng Trà Xanh", "Nước Hoa Hồng Tràm Trà"),
    ("수분 크림 50ml", "수분 앰플 50ml"),
    ("비타민C 10% 세럼", "비타민C 20% 세럼"),
    ("薬用化粧水 しっとり 200ml", "薬用化粧水 さっぱり 200ml"),
    ("ビタミンC 美容液 5%", "ビタミンC 美容液 10%"),
    ("保湿面膜", "美白面膜"),
    ("Crème de jour 50 ml", "Crème de nuit 50 ml"),
    ("Champú seco 200 ml", "Champú graso 200 ml"),
    ("Крем дневной 50 мл", "Крем ночной 50 мл"),
    ("Öl Nr. 1", "Öl Nr. 2"),
    ("Sun Milk PA+++ 50ml", "Sun Milk PA++++ 50ml"),
    ("Brush #12", "Brush #15"),
    ("Pinsel 03", "Pinsel 05"),
    ("Olive Soap Red", "Olive Soap Black"),
    ("[Men] All In One Fluid", "[Women] All In One Fluid"),
    ("[Kids] All In One Fluid", "All In One Fluid"),
    ("[Sensitive] Moist Cream Gel", "[Oily] Moist Cream Gel"),
    ("[Fragrance Free] Moist Cream Gel", "Moist Cream Gel"),
    ("[敏感肌] しっとり 化粧水", "しっとり 化粧水"),
    ("[남성] 수분 크림 젤 50ml", "[여성] 수분 크림 젤 50ml"),
]


def families(*names, brand="Maison", **others):
    return recognised_families([NamedProduct(name, brand, **others) for name in names])


@pytest.mark.parametrize(("one", "other"), SAME)
def test_sizes_packs_and_shades_are_one_family(one, other):
    assert families(one, other) == [0, 0]
    assert families(other, one) == [0, 0]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_other_products_are_not(one, other):
    assert families(one, other) == [0, 1]


def test_another_brand_is_another_product():
    products = [NamedProduct("Night Cream 50ml", "A"), NamedProduct("Night Cream 30ml", "B")]
    assert recognised_families(products) == [0, 1]


def test_the_brand_may_stand_in_front_of_a_name():
    assert families("Maison Night Cream 50ml", "Night Cream", "MAISON: Night Cream 2-pack") == [0, 0, 0]


def test_without_a_brand_one_word_is_no_product():
    assert families("Serum 30ml", "Serum 50ml", brand="") == [0, 1]
    assert families("Serum 30ml", "Serum 50ml") == [0, 0]
    assert families("Emu Oil 30ml", "Emu Oil 50ml", brand="") == [0, 0]
    assert families("保湿爽肤水 30ml", "保湿爽肤水 50ml", brand="") == [0, 0]


def test_a_short_name_in_another_category_is_another_product():
    short = [NamedProduct("Soft Rose 30ml", "A", kind) for kind in ("Nails", "Lips", "lips ")]
    assert recognised_families(short) == [0, 1, 1]
    told = [NamedProduct("Soft Rose Hand Cream 30ml", "A", kind) for kind in ("Hands", "Combo")]
    assert recognised_families(told) == [0, 0]


def test_what_costs_far_more_for_the_same_amount_is_another_product():
    products = [
        NamedProduct(f"Night Cream {size}ml", "A", price=price) for size, price in ((50, 10), (100, 18), (30, 99))
    ]
    assert recognised_families(products) == [0, 0, 2]
    pack = [NamedProduct("Night Cream 50ml", "A", price=10), NamedProduct("Combo 10 Night Cream 50ml", "A", price=90)]
    assert recognised_families(pack) == [0, 0]


WORDS = st.lists(
    st.text(string.ascii_lowercase, min_size=5, max_size=9).map(lambda word: f"q{word}"), min_size=2, max_size=4
)
SUFFIXES = st.sampled_from(
    ["50ml", "1.7 fl oz", "x2", "(Pack of 3)", "10 miếng", "2er Pack", "#21", "- 01 Ivory", "10枚入り"]
)


@given(WORDS, SUFFIXES, SUFFIXES)
def test_whatever_the_product_its_sizes_are_one_family(words, one, other):
    name = " ".join(words)
    assert families(f"{name} {one}", f"{name} {other}", name) == [0, 0, 0]


@given(WORDS, WORDS, SUFFIXES)
def test_no_size_makes_two_products_one(words, others, suffix):
    one, other = " ".join(words), " ".join(others)
    assert families(f"{one} {suffix}", f"{other} {suffix}") == [0, int(one != other)]


@given(st.lists(st.text(max_size=30), max_size=6), st.randoms())
def test_any_text_has_a_family_and_order_changes_none(names, chance):
    found = families(*names)
    assert all(first <= position and found[first] == first for position, first in enumerate(found))
    order = [*range(len(names))]
    chance.shuffle(order)
    again = families(*(names[i] for i in order))
    for one in range(len(names)):
        for other in range(len(names)):
            together = found[order[one]] == found[order[other]]
            assert together == (again[one] == again[other])
