"""Which names and account numbers are one party: the bank cuts names and the books misspell them, numbers stay."""

from dataclasses import dataclass

import numpy as np

from tieout.domain.line_table import Int64Column
from tieout.matching.codes import NO_CODE

# One account number with more names than this is a collective account and says nothing about the party.
_NAMES_PER_ACCOUNT_MAX = 3


@dataclass(frozen=True, slots=True, eq=False)
class Leaders:
    """One code per party, by name code and by account code."""

    of_name: Int64Column
    of_account: Int64Column


def leaders(names: Int64Column, accounts: Int64Column, keys: list[str], cut: frozenset[int]) -> Leaders:
    """One code per party: names that share an account number, or of which one is the other cut short, are one."""
    count = len(keys)
    accounts_count = int(accounts.max(initial=-1)) + 1
    parent = list(range(count + accounts_count))

    def root(code: int) -> int:
        while parent[code] != code:
            parent[code] = parent[parent[code]]
            code = parent[code]
        return code

    known = (names != NO_CODE) & (accounts != NO_CODE)
    pairs = np.unique(np.stack([accounts[known], names[known]]), axis=1)
    numbers, names_per_account = np.unique(pairs[0], return_counts=True)
    collective = set(numbers[names_per_account > _NAMES_PER_ACCOUNT_MAX].tolist())
    for account, name in pairs.T.tolist():
        if account not in collective:
            low, high = sorted((root(name), root(count + account)))
            parent[high] = low
    for short, long in _cut_pairs(keys, cut):
        low, high = sorted((root(short), root(long)))
        parent[high] = low
    leaders = np.array([root(code) for code in range(count + accounts_count)] or [0], dtype=np.int64)
    return Leaders(leaders[:count] if count else leaders, leaders[count:] if accounts_count else leaders)


def _cut_pairs(keys: list[str], cut: frozenset[int]) -> list[tuple[int, int]]:
    """Names that were cut, with the one longer name that begins with them; none where several do."""
    order = sorted(range(len(keys)), key=lambda code: keys[code])
    position = {code: place for place, code in enumerate(order)}
    pairs = []
    for code in sorted(cut):
        longer = []
        for other in order[position[code] + 1 :]:
            if not keys[other].startswith(keys[code]):
                break
            longer.append(other)
        if len(longer) == 1:
            pairs.append((code, longer[0]))
    return pairs
