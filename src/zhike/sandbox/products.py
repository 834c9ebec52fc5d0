"""Cards the made bank sells."""

from dataclasses import dataclass

from zhike.core.text import Text


@dataclass(frozen=True)
class Product:
    """A card product; ``family`` is the code of the product file, the fee in yuan a year; ``limits`` in yuan."""

    code: str
    name: Text
    family: str
    annual_fee: int
    limits: tuple[int, int]


# Families: 1 inclusive, 2 benefit, 3 business, 4 virtual, 5 premium.
PRODUCTS = (
    Product("1001", Text("惠民信用卡普卡", "Everyday card"), "1", 0, (1_000, 50_000)),
    Product("1002", Text("惠民信用卡金卡", "Everyday card Gold"), "1", 0, (5_000, 80_000)),
    Product("2001", Text("美食主题信用卡", "Dining card"), "2", 0, (3_000, 80_000)),
    Product("2002", Text("购物联名信用卡", "Shopping co-brand card"), "2", 0, (3_000, 80_000)),
    Product("2003", Text("航旅联名信用卡", "Airline co-brand card"), "2", 0, (5_000, 100_000)),
    Product("3001", Text("小微商务卡", "Small-business card"), "3", 0, (10_000, 200_000)),
    Product("4001", Text("虚拟信用卡", "Virtual card"), "4", 0, (1_000, 20_000)),
    Product("5001", Text("白金信用卡", "Platinum card"), "5", 580, (30_000, 300_000)),
    Product("5002", Text("钻石信用卡", "Diamond card"), "5", 2_600, (50_000, 500_000)),
)
VIRTUAL = next(position for position, product in enumerate(PRODUCTS) if product.family == "4")
