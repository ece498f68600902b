"""Exports whose tables and columns are called otherwise: their keys and values tell what they are."""

from recommender.onboarding.onboard import begin
from tests.support.foreign_shops import moment, product_name, write_csv

_ORDERS = 90


def found(folder):
    proposal = begin([str(folder)], folder / "source.yaml", "shop")
    return {one.table: one for one in proposal.tables}


def columns(table):
    return {ours: guess.columns[0] for ours, guess in table.guesses.items()}


def _lines():
    return [(order, product) for order in range(_ORDERS) for product in (order % 20, (order + 7) % 20)]


def test_what_lines_refer_to_beside_their_order_is_the_catalogue(tmp_path):
    write_csv(tmp_path / "Track.csv", ["TrackId", "Name"], ([i + 1, product_name(i)] for i in range(20)))
    write_csv(
        tmp_path / "Invoice.csv", ["InvoiceId", "CustomerId", "InvoiceDate"],
        ([i + 1, i % 30, moment(i)] for i in range(_ORDERS)),
    )  # fmt: skip
    write_csv(
        tmp_path / "InvoiceLine.csv", ["InvoiceLineId", "InvoiceId", "TrackId", "UnitPrice", "Quantity"],
        ([n + 1, order + 1, track + 1, 0.99, 1 + n % 2] for n, (order, track) in enumerate(_lines())),
    )  # fmt: skip

    tables = found(tmp_path)

    assert columns(tables["products"]) == {"product_id": "TrackId", "name": "Name"}
    sales = columns(tables["transactions"])
    assert (sales["product_id"], sales["transaction_id"], sales["customer_id"]) == (
        "TrackId",
        "InvoiceId",
        "CustomerId",
    )


def test_names_that_are_shortened_or_without_accents_are_read(tmp_path):
    write_csv(tmp_path / "SanPham.csv", ["ma_sp", "ten_sp", "gia"], ([f"SP{i}", product_name(i), 9] for i in range(20)))
    write_csv(
        tmp_path / "KhachHang.csv", ["ma_khach_hang", "ho_ten", "ngay_sinh"],
        ([f"KH{i}", "A", f"7/10/{1960 + i}"] for i in range(30)),
    )  # fmt: skip
    write_csv(
        tmp_path / "DonHang.csv", ["ma_don_hang", "ngay_tao_dh", "ma_kh"],
        ([f"HD{i}", moment(i).strftime("%d/%m/%Y"), f"KH{i % 30}"] for i in range(_ORDERS)),
    )  # fmt: skip
    write_csv(
        tmp_path / "ChiTietDonHang.csv", ["ma_dh", "ma_sp", "so_luong", "", ""],
        ([f"HD{order}", f"SP{product}", 1, "", "insert into"] for order, product in _lines()),
    )  # fmt: skip

    tables = found(tmp_path)

    assert columns(tables["customers"]) == {"customer_id": "ma_khach_hang", "birth_year": "ngay_sinh"}
    assert tables["customers"].guesses["birth_year"].keys["extract"] == "((?:19|20)[0-9]{2})"
    sales = {"transaction_id": "ma_dh", "customer_id": "ma_kh", "product_id": "ma_sp", "time": "ngay_tao_dh"}
    assert sales.items() <= columns(tables["transactions"]).items()


def test_a_title_stands_for_the_id_that_is_not_there_with_its_doubt(tmp_path):
    write_csv(
        tmp_path / "订单.csv", ["订单编号", "买家会员名", "订单状态", "订单创建时间", "宝贝标题", "宝贝总数量"],
        ([f'="{2025000000000 + order}"', f"用户{order % 30}", "交易关闭" if order % 9 == 0 else "交易成功",
          moment(order), product_name(product), 1] for order, product in _lines()),
    )  # fmt: skip

    sales = found(tmp_path)["transactions"]

    assert columns(sales)["product_id"] == "宝贝标题"
    assert sales.guesses["product_id"].is_doubtful
    assert sales.guesses["transaction_id"].keys["extract"] == '^(?:=")?([^"]*)'
    assert sales.where == {"订单状态": {"is_not": ["交易关闭"]}}


def test_the_id_of_the_order_and_the_id_that_is_always_there_go_before_others(tmp_path):
    write_csv(
        tmp_path / "SoldItems.csv",
        ["Sale Date", "Item Name", "Buyer", "Quantity", "Transaction ID", "Listing ID", "Order ID", "SKU", "Order Type",
         "Ship Zipcode", "Ship Country"],
        ([moment(order).date(), product_name(product), f"b{order % 30}", 1, 4000 + n, 900 + product, 300 + order,
          f"S{product}" if product % 3 else "", "online", 10115 + order % 30, "Germany"]
         for n, (order, product) in enumerate(_lines())),
    )  # fmt: skip

    tables = found(tmp_path)

    sales = columns(tables["transactions"])
    assert (sales["transaction_id"], sales["product_id"]) == ("Order ID", "Listing ID")
    assert columns(tables["customers"])["region"] == "Ship Country"
    assert "category" not in tables["products"].guesses


def test_ratings_have_the_time_of_the_table_of_dates(tmp_path):
    write_csv(tmp_path / "dim_date.csv", ["date_id", "date"], ([500 + i, moment(i).date()] for i in range(_ORDERS)))
    write_csv(
        tmp_path / "fact_review.csv", ["review_id", "date_id", "product_id", "customer_id", "rating"],
        ([n, 500 + order, product, order % 30, 1 + n % 5] for n, (order, product) in enumerate(_lines())),
    )  # fmt: skip

    ratings = found(tmp_path)["ratings"]

    assert columns(ratings)["time"] == "date"
    assert [join.on for join in ratings.joins] == ["date_id"]
