"""A small made-up shop and what its customers do: coherent enough to learn from, the same for every export."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

BRANDS = ("Lumora", "Nordhaut", "Sanvie", "Kaoli", "Petalune", "Miravel")
CATEGORIES = (
    ("Skin", "Face", "Serums"), ("Skin", "Face", "Creams"), ("Skin", "Face", "Cleansers"), ("Skin", "Body", "Lotions"),
    ("Hair", "Care", "Shampoos"), ("Hair", "Care", "Masks"), ("Make-up", "Lips", "Lipsticks"),
    ("Make-up", "Eyes", "Mascaras"),
)  # fmt: skip
VARIANTS = (("30 ml", "50 ml"), ("Rose", "Coral", "Plum"), ("200 ml",))
INGREDIENTS = ("Aqua", "Glycerin", "Niacinamide", "Squalane", "Panthenol", "Parfum", "Tocopherol", "Limonene")
START = datetime(2024, 1, 5, 9, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Product:
    number: int
    family: int
    title: str
    variant: str
    brand: str
    category: tuple[str, str, str]
    price: float
    ingredients: tuple[str, ...]

    @property
    def sku(self) -> str:
        return f"SKU-{self.number}"

    @property
    def handle(self) -> str:
        return f"{self.brand}-{self.title}-{self.family}".lower().replace(" ", "-")

    @property
    def barcode(self) -> str:
        return f"00{self.number:011d}"


@dataclass(frozen=True)
class Customer:
    number: int
    country: str
    birth_year: int

    @property
    def email(self) -> str:
        return f"customer{self.number}@example.com"


@dataclass(frozen=True)
class Line:
    product: Product
    quantity: int
    returned: int = 0
    rating: int | None = None


@dataclass(frozen=True)
class Order:
    """Of no customer where a guest gave no address."""

    number: int
    customer: Customer | None
    time: datetime
    lines: tuple[Line, ...]
    cancelled: bool = False

    @property
    def customer_number(self) -> int:
        return self.customer.number if self.customer else 0

    @property
    def sold(self) -> tuple[Line, ...]:
        return () if self.cancelled else self.lines

    @property
    def refunded(self) -> bool:
        return all(line.returned == line.quantity for line in self.lines)

    @property
    def total(self) -> float:
        return round(sum(line.product.price * line.quantity for line in self.lines), 2)


@dataclass(frozen=True)
class Visit:
    """What a customer looked at before an order, product by product; ``carted`` those that went into the cart."""

    customer: Customer
    time: datetime
    viewed: tuple[Product, ...]
    carted: tuple[Product, ...]


@dataclass(frozen=True)
class Shop:
    products: tuple[Product, ...]
    customers: tuple[Customer, ...]
    orders: tuple[Order, ...]
    visits: tuple[Visit, ...] = field(default=())

    @property
    def known_orders(self) -> list[Order]:
        return [order for order in self.orders if order.customer]


def make_shop(customers: int = 8, seed: int = 0) -> Shop:
    """A shop with this many customers (at least 5), who buy for 500 days.

    The first order has three lines, the second is cancelled, the third is refunded, of the fourth one piece of two came
    back, and the last is a guest's.
    """
    draw = random.Random(seed)
    products = _products(draw)
    people = tuple(
        Customer(7001 + at, draw.choice(["DE", "FR", "VN"]), draw.randint(1955, 2005)) for at in range(customers)
    )
    orders = [order for person in people for order in _orders_of(person, products, draw)]
    orders = _with_special_ones(sorted(orders, key=lambda order: order.time), products)
    visits = [_visit(order, products, draw) for order in orders if order.customer]
    return Shop(products, people, tuple(orders), tuple(visits))


def _products(draw: random.Random) -> tuple[Product, ...]:
    found: list[Product] = []
    for family in range(24):
        brand, category = BRANDS[family % len(BRANDS)], CATEGORIES[family % len(CATEGORIES)]
        title = f"{draw.choice(['Dew', 'Calm', 'Bright', 'Velvet'])} {category[2][:-1]} {family}"
        ingredients = ("Aqua", *draw.sample(INGREDIENTS[1:], 3))
        for at, variant in enumerate(VARIANTS[family % len(VARIANTS)]):
            price = 6 + family + 4 * at + 0.95
            found.append(Product(1001 + len(found), 501 + family, title, variant, brand, category, price, ingredients))
    return tuple(found)


def _orders_of(person: Customer, products: tuple[Product, ...], draw: random.Random) -> list[Order]:
    """Orders on days of their own, mostly from two categories and with a leaning towards the first products."""
    liked = draw.sample(CATEGORIES, 2)
    weights = [(8 if product.category in liked else 1) / (1 + at / 10) for at, product in enumerate(products)]
    days = sorted(draw.sample(range(500), draw.randint(3, 8)))
    return [_order(person, day, products, weights, draw) for day in days]


def _order(
    person: Customer, day: int, products: tuple[Product, ...], weights: list[float], draw: random.Random
) -> Order:
    chosen = dict.fromkeys(draw.choices(products, weights, k=draw.randint(1, 3)))
    lines = (
        Line(product, 1 + (draw.random() < 0.2), rating=draw.choice([3, 4, 5, 5]) if draw.random() < 0.6 else None)
        for product in chosen
    )
    time = START + timedelta(days=day, seconds=draw.randrange(40_000))
    return Order(0, person, time, tuple(lines), cancelled=draw.random() < 0.03)


def _with_special_ones(orders: list[Order], products: tuple[Product, ...]) -> list[Order]:
    person = orders[0].customer
    times = [START - timedelta(days=day, minutes=7 * day) for day in (9, 7, 5, 3)]
    special = [
        Order(0, person, times[0], (Line(products[0], 1, rating=5), Line(products[3], 2), Line(products[7], 1))),
        Order(0, person, times[1], (Line(products[9], 1),), cancelled=True),
        Order(0, person, times[2], (Line(products[11], 1, returned=1),)),
        Order(0, person, times[3], (Line(products[13], 2, returned=1), Line(products[1], 1))),
    ]
    guest = Order(0, None, START + timedelta(days=501), (Line(products[2], 1), Line(products[4], 1)))
    together = [*special, *orders, guest]
    return [
        Order(1001 + at, order.customer, order.time, order.lines, order.cancelled) for at, order in enumerate(together)
    ]


def _visit(order: Order, products: tuple[Product, ...], draw: random.Random) -> Visit:
    bought = tuple(line.product for line in order.lines)
    seen = tuple(dict.fromkeys((*bought, *draw.sample(products, 2))))
    assert order.customer
    return Visit(order.customer, order.time - timedelta(minutes=20), seen, bought)
