"""Which rows make no event in an audit chain, and which nouns are facts: the one list of each."""

from typing import Any

from tieout.domain.audit import AuditEvent, RequestKept
from tieout.domain.lines import Line, LineUse, StoredStatement
from tieout.domain.match_records import AdjustmentRecord, AllocationRecord, MatchRecord, StateRecord
from tieout.domain.people import Session
from tieout.domain.reconciling import ReconciliationStep
from tieout.domain.settlements import DeliveryProgress
from tieout.domain.work import CallMade, CredentialBlock, Job, ScheduleState, UsageDay

# Who is signed in, what was answered under a key, and how far a job is: nothing that an auditor asks for.
# What matches use of a line follows from allocations and states, how far a delivery is from its flags. The chain does
# not describe itself.
# The store's own heads of chains and blocks of ids are operational too.
# How far a schedule is and which calls count against a limit is no business of the books either.
OPERATIONAL: frozenset[type[Any]] = frozenset(
    {
        Session,
        RequestKept,
        Job,
        ScheduleState,
        CallMade,
        UsageDay,
        CredentialBlock,
        LineUse,
        DeliveryProgress,
        AuditEvent,
    }
)

# Only ever added: triggers refuse to change or delete their rows.
FACTS: frozenset[type[Any]] = frozenset(
    {
        Line,
        StoredStatement,
        MatchRecord,
        AllocationRecord,
        AdjustmentRecord,
        StateRecord,
        ReconciliationStep,
        AuditEvent,
    }
)

# Columns that no event shows: it carries their SHA-256 instead.
CONFIDENTIAL: frozenset[str] = frozenset({"password_hash", "digest", "sealed"})
