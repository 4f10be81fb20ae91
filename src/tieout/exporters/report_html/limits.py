"""How much of a long list the page shows.

A page that takes a minute to open or a ream to print is not read; the files beside it hold everything.
"""

from tieout.contracts.result_selection import Limits

LIMITS = Limits(
    # Some 25 printed pages; a sample beyond that is drawn from the list of matches.
    matches=500,
    # What somebody can decide in a sitting.
    proposed=100,
    ambiguous=100,
    # Per side. Lines are in order of age, so the ones to worry about are shown.
    open_lines=300,
    outstanding=100,
    postings=200,
    findings=50,
)

# One row per statement: a year of daily statements of one account.
PROOFS_MAX = 400
# Accounts beyond these have their proofs in the table, not a picture.
CHARTS_MAX = 12
# More reasons of the verdict are in the sections below it.
REASONS_MAX = 6
