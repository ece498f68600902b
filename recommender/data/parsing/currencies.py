"""Currencies: the codes of ISO 4217, the signs that stand for them, and which have no minor unit in use."""

# ruff: noqa: RUF001 (signs of other alphabets are meant)
import re
from typing import Final

CODES: Final = frozenset(
    re.findall(
        "[A-Z]{3}",
        """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
    CLF CLP CNH CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD
    HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD
    MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG
    QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD
    TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG ZWL
    """,
    )
)
"""ISO 4217 of money that people pay with; with the yuan abroad, and a few that ended lately."""

WITHOUT_MINOR: Final = frozenset(
    re.findall(
        "[A-Z]{3}",
        """
    BIF CLP COP DJF GNF HUF IDR IQD IRR ISK JPY KHR KMF KPW KRW LAK LBP MGA MMK MNT PYG RSD RWF SOS TZS UGX
    UZS VND VUV XAF XOF XPF YER
    """,
    )
)
"""Currencies of which prices have no decimals: by ISO 4217, or because the minor unit is worth nothing."""

_OF_SIGNS: Final = {
    "$": "USD", "US$": "USD", "U$S": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "HK$": "HKD",
    "MX$": "MXN", "NT$": "TWD", "NZ$": "NZD", "R$": "BRL", "S$": "SGD", "SG$": "SGD", "€": "EUR", "£": "GBP",
    "¥": "JPY", "￥": "JPY", "JP¥": "JPY", "円": "JPY", "CN¥": "CNY", "元": "CNY", "RMB": "CNY", "₩": "KRW",
    "￦": "KRW", "원": "KRW", "₹": "INR", "₫": "VND", "đ": "VND", "đồng": "VND", "VNĐ": "VND", "₽": "RUB",
    "руб.": "RUB", "руб": "RUB", "р.": "RUB", "₺": "TRY", "TL": "TRY", "₴": "UAH", "грн": "UAH", "грн.": "UAH",
    "₸": "KZT", "₦": "NGN", "₱": "PHP", "₪": "ILS", "฿": "THB", "₵": "GHS", "GH₵": "GHS", "₲": "PYG", "₡": "CRC",
    "₭": "LAK", "₮": "MNT", "₼": "AZN", "₾": "GEL", "֏": "AMD", "៛": "KHR", "৳": "BDT", "₨": "INR", "zł": "PLN",
    "Kč": "CZK", "Ft": "HUF", "lei": "RON", "лв": "BGN", "лв.": "BGN", "дин": "RSD", "дин.": "RSD", "Rp": "IDR",
    "Rp.": "IDR", "RM": "MYR", "S/": "PEN", "S/.": "PEN", "Fr.": "CHF", "Fr": "CHF", "SFr.": "CHF", "KSh": "KES",
    "د.إ": "AED", "ر.س": "SAR", "ر.ق": "QAR", "د.ك": "KWD", "ج.م": "EGP", "﷼": "IRR",
}  # fmt: skip
"""A sign that several countries use stands for the currency most paid with it, unless the source's rates name it."""

_OF_SEVERAL: Final = ("kr", "kr.", "Rs", "Rs.", "лей", "din", "din.")
"""Local signs of several currencies, of which none is the one that is meant."""

_OF_UNICODE: Final = (
    "$", "\u00a2-\u00a5", "\u058f", "\u060b", "\u07fe-\u07ff", "\u09f2-\u09f3", "\u09fb", "\u0af1", "\u0bf9",
    "\u0e3f", "\u17db", "\u20a0-\u20c1", "\ua838", "\ufdfc", "\ufe69", "\uff04", "\uffe0-\uffe1", "\uffe5-\uffe6",
    "\U00011fdd-\U00011fe0", "\U0001e2ff", "\U0001ecb0",
)  # fmt: skip
"""Unicode's category Sc, as ranges: going through all characters would cost every command a tenth of a second."""

SIGNS: Final = frozenset((*_OF_SIGNS, *_OF_SEVERAL, "R"))
"""What stands for a currency beside its code."""

_WRITTEN: Final = sorted({*_OF_SIGNS, *_OF_SEVERAL, *CODES}, key=lambda sign: (-len(sign), sign))

PATTERN: Final = f"(?:(?i:{'|'.join(map(re.escape, _WRITTEN))})|R|[{''.join(_OF_UNICODE)}])"
"""A currency beside a number, the longest that fits."""

_BY_CASELESS: Final = {sign.casefold(): code for sign, code in _OF_SIGNS.items()} | {
    code.casefold(): code for code in CODES
}


def code_of(sign: str) -> str | None:
    """The ISO code of a sign or code; None for one that several currencies use, or that is none."""
    return _BY_CASELESS.get(sign.strip().casefold())
