"""The vendor numbers currencies; which number is which stands in none of its documents.

Recorded accounts in Brazil have 1 (VCR cassettes, 2015-2017), so 1 is the real. Every other currency has its ISO 4217
number, all of which are larger than 2, the number that the samples of 2013 show.
"""

from tieout.kernel.currencies import UnknownCurrency

REAL = 1

# ISO 4217 list (published 2026-01-01), code and number; a test compares it with the iso4217 package.
_NUMBERS = (
    "AED784 AFN971 ALL008 AMD051 AOA973 ARS032 AUD036 AWG533 AZN944 BAM977 BBD052 BDT050 BHD048 BIF108 BMD060 "
    "BND096 BOB068 BOV984 BRL986 BSD044 BTN064 BWP072 BYN933 BZD084 CAD124 CDF976 CHE947 CHF756 CHW948 CLF990 "
    "CLP152 CNY156 COP170 COU970 CRC188 CUP192 CVE132 CZK203 DJF262 DKK208 DOP214 DZD012 EGP818 ERN232 ETB230 "
    "EUR978 FJD242 FKP238 GBP826 GEL981 GHS936 GIP292 GMD270 GNF324 GTQ320 GYD328 HKD344 HNL340 HTG332 HUF348 "
    "IDR360 ILS376 INR356 IQD368 IRR364 ISK352 JMD388 JOD400 JPY392 KES404 KGS417 KHR116 KMF174 KPW408 KRW410 "
    "KWD414 KYD136 KZT398 LAK418 LBP422 LKR144 LRD430 LSL426 LYD434 MAD504 MDL498 MGA969 MKD807 MMK104 MNT496 "
    "MOP446 MRU929 MUR480 MVR462 MWK454 MXN484 MXV979 MYR458 MZN943 NAD516 NGN566 NIO558 NOK578 NPR524 NZD554 "
    "OMR512 PAB590 PEN604 PGK598 PHP608 PKR586 PLN985 PYG600 QAR634 RON946 RSD941 RUB643 RWF646 SAR682 SBD090 "
    "SCR690 SDG938 SEK752 SGD702 SHP654 SLE925 SOS706 SRD968 SSP728 STN930 SVC222 SYP760 SZL748 THB764 TJS972 "
    "TMT934 TND788 TOP776 TRY949 TTD780 TWD901 TZS834 UAH980 UGX800 USD840 USN997 UYI940 UYU858 UYW927 UZS860 "
    "VED926 VES928 VND704 VUV548 WST882 XAD396 XAF950 XCD951 XCG532 XOF952 XPF953 YER886 ZAR710 ZMW967 ZWG924 "
)

CURRENCY_IDS: dict[str, int] = {word[:3]: int(word[3:]) for word in _NUMBERS.split()} | {"BRL": REAL}
_CODES = {number: code for code, number in CURRENCY_IDS.items()}


def write_currency(currency: str) -> int:
    """The vendor's number of a currency. Raises UnknownCurrency."""
    try:
        return CURRENCY_IDS[currency]
    except KeyError:
        raise UnknownCurrency(currency) from None


def read_currency(number: int) -> str:
    """The currency behind a number. Raises UnknownCurrency."""
    try:
        return _CODES[number]
    except KeyError:
        raise UnknownCurrency(str(number)) from None
