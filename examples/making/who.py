"""Everybody in the story. All of them are invented; the account numbers have valid check digits."""

from examples.making.story import Account, Party

COMPANY = "Havskar Kaffebrenneri AS"

# The bank accounts, with their balances when March begins.
NOK = Account("NO9099900512305", "NOK", 892_380_55)
TAX = Account("NO2799900556701", "NOK", 80_074_00)  # withheld tax is kept apart, as Norwegian employers must
EUR = Account("NO8399900590128", "EUR", 21_460_18)
BRL = Account("58231-4", "BRL", 96_310_42)

# The company as its bank names it on the other side of a transfer.
OWN_NOK = Party(COMPANY, NOK.number)
OWN_TAX = Party(COMPANY, TAX.number)
OWN_EUR = Party(COMPANY, EUR.number)

# Customers in Norway.
BLEKKHUSET = Party("Bokkafeen Blekkhuset AS", "NO0499910144207")
GRONNSKAR = Party("Kantinehuset Grønnskar AS", "NO6599910231088")
KRUMTAPP = Party("Surdeigsbakeriet Krumtapp AS")
MYRKEVIKEN = Party("Hotell Myrkeviken AS", "NO6799910377716")
RAVNEJUV = Party("Fjellstova Ravnejuv DA")
SNEGLEFART = Party("Skihytta Sneglefart AS")
TUSSMORKET = Party("Kafé Tussmørket AS", "NO6199910442038")
ULVESTAD = Party("Kontorkaffe Ulvestad AS")
UNDERBRUKET = Party("Studentkroa Underbruket")
VINTERHAGEN = Party("Vinterhagen Drift AS", "NO5499910518891")
TAKEDAL = Party("Ingeborg Tåkedal")
DUSK = Party("Vandreteateret Dusk")

# Customers who pay in euro.
BRUMETERRE = Party("Maison Brumeterre SARL", "FR6699999000010482760031578")
GRAUWE_REIGER = Party("Koffiehuis De Grauwe Reiger B.V.", "NL28XGRR0417300256")
HOPEAKETJU = Party("Kahvila Hopeaketju Oy", "FI5299999500014462")
KAUZBERG = Party("Rösterei Kauzberg GmbH", "DE70999500000004417720")

# Suppliers.
KAIHUSET = Party("Kaihuset Eiendom AS", "NO7799920133505")
KRAFTLAGET = Party("Kraftlaget Nattlys SA", "NO2399920266009")
PEDRA_ROXA = Party("Importadora Pedra Roxa Lda")
SACARIA = Party("Sacaria Ribeira Torta Lda")
STORMVIK = Party("Emballasjeverket Stormvik AS", "NO7399920318459")
TALLKNUSER = Party("Regnskapshuset Tallknuser AS", "NO9099920429412")
TANNHOF = Party("Kaffeemaschinenwerk Tannhof GmbH", "DE72999600000009120385")
ULVOYA = Party("Spedisjon Ulvøya AS", "NO0299920584256")
VANNKNEKK = Party("Rørlegger Vannknekk AS", "NO7499920633109")
SKATTEKONTORET = Party("Skattekontoret", "NO3299930100095")

# Those who collect money for the company.
KORTFANGST = Party("Kortfangst AS", "NO8199940155009")
TORGVIKA = Party("Torgvika Markedsplass AS", "NO8999940211804")
