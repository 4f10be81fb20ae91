"""One package per vendor: each spells that vendor's API over the same core."""
