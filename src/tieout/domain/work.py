"""Work in the background: jobs, the schedules that queue them, and what is known of calls that are limited."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Work that goes on after its request was answered; operational.

    A worker that claims a job takes the next number as its fence and holds a lease; whoever does not hold the highest
    fence changes nothing any more, so that a job has one effective worker. A job that failed for good is a dead letter:
    it stays with its last fault until somebody retries it.
    """

    entity_id: int  # 0 where it is of no entity
    id: int
    kind: str  # read_document, match, ...: a name in services.jobs.RUNNERS
    state: str  # queued, running, done, failed
    request: str  # JSON text
    answer: str  # JSON text; of a failed one the last fault
    created_at: int  # microseconds since 1970 UTC, as every instant
    created_by: str
    started_at: int | None
    finished_at: int | None
    due_at: int = 0  # not to be started before; later after a fault that may pass
    attempts: int = 0  # begun so far
    fence: int = 0  # grows with every claim
    lease_until: int = 0  # of a running one: whoever claims it later may
    worker: str = ""  # who holds the lease
    progress: str = ""  # JSON text: how far it is
    joined_by: str = ""  # at most one queued job has this key: asking again joins it; empty: no joining
    fault: str = ""  # why the last attempt did not end, while it is tried again


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When jobs of one kind are queued by themselves, in the local time of a place or after so many minutes."""

    entity_id: int
    id: int
    name: str
    kind: str  # of the jobs
    request: str  # JSON text, of every job
    cron: str  # five fields in local time; empty where `every_minutes` says
    every_minutes: int  # 0 where `cron` says
    time_zone: str  # IANA name
    paused: bool
    joined_by: str  # of every job: those with one key are queued once and never run beside each other
    created_at: int
    created_by: str
    updated_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleState:
    """How far a schedule has come; operational."""

    entity_id: int
    schedule_id: int
    next_at: int
    last_key: str  # the local minute that last ran: a clock that is set back does not run it twice
    last_job_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallMade:
    """One call that counts against a limit, in a sliding log; operational.

    A log has as many places as calls are allowed, and a new call takes the place of the one that lies longest ago: no
    two processes take one place.
    """

    credential: str  # "user:7"
    endpoint: str
    at: int
    number: int  # its place in the log, from 1


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageDay:
    """What one credential called of one endpoint on one day (UTC); operational."""

    organisation_id: int
    credential: str
    endpoint: str
    on_day: int
    calls: int
    refused: int  # too many calls
    faulty: int  # every answer of 400 to 499, those too
    blocked: int  # answered with nothing but that the credential is locked


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialBlock:
    """A credential that is locked for misuse; operational."""

    organisation_id: int
    credential: str
    since: int
    until: int | None  # None: until somebody unblocks it
    asked: int  # calls while it was locked
