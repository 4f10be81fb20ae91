"""People and keys: organisations, entities, users, what they may do, and the credentials that stand for them.

Every change of who may do what is written to the organisation's audit chain, one after another; so two owners cannot
remove each other at the same moment, and one chain tells who could do what when.
"""
