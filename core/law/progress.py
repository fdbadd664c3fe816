"""What is recorded about a request, and one thing to do: what its checklist is drawn from and consists of."""

from dataclasses import dataclass

from core.law.acts import ACTS, Act
from core.law.roles import Role
from core.law.workflow import Closing, State


@dataclass(frozen=True)
class Facts:
    """What is recorded about a request and its case.

    >>> Facts(State.RECEIVED, None, False, "open", "open", None, sent=False, told=False).met
    ()
    """

    state: State
    closing: Closing | None
    acknowledged: bool  # the receipt letter is marked as sent
    identity_state: str  # open, proven, failed
    subject_state: str  # open, decided, nobody
    package_state: str | None
    sent: bool
    told: bool  # the letter that says why there is no action is marked as sent
    refused: bool = False  # a refusal is prepared, or was
    outside: bool = False  # it is recorded what was answered outside the desk
    outcome_told: bool = False  # the letter with the outcome of a plan is marked as sent
    part_told: bool = False  # the letter about what is missing is marked as sent
    grounds: bool = False  # of an erasure or a restriction: recorded
    copies: int = 0  # requests for a copy that go before an erasure
    copies_waiting: int = 0
    restricted: bool = False  # a restriction stands that an erasure would end
    end_told: bool = False  # and the person was told that it ends
    asks_again: bool = False  # the person had wanted the data kept
    wanted: bool = False  # and said that they are to be erased all the same
    planned: bool = False
    drafted: bool = False  # of an erasure: its letter to an address in the case
    approved: bool = False  # the plan, by a second person
    systems: int = 0  # that the plan is carried out in
    systems_done: int = 0
    unreached: int = 0  # systems that did not answer or are not connected
    owners: int = 0  # systems worked in by hand, whose owners were asked
    owners_open: int = 0  # of whom, or of what they were asked to do, the answer is missing
    outdated: bool = False  # an owner answered after the plan was made
    erases: bool = True  # the plan erases something
    key: str = ""  # of an erased person: destroyed, kept for what stays, or still there
    dates: int = 0  # of the three of an erasure: reached
    points: int = 0  # of a correction: proposed
    waits: bool = False  # for the decision about a value that another person holds
    proof_needed: bool = False
    proven: bool = False
    old_notice: str = ""  # to the address held before: open, sent, reasoned
    notices: int = 0  # to recipients
    notices_open: int = 0
    raised: str = ""  # whether data were left without a ground: open, or answered
    stopped: int = 0  # addresses and numbers stopped with the message
    met: tuple[str, ...] = ()  # of a kind with a path of its own: the needs that are met
    acting: bool = False  # somebody acts for the person, or the person has died
    covered: bool = False  # the authority carries this right today
    answered: bool = False  # of such a kind: the letter with the answer is marked as sent


@dataclass(frozen=True)
class Item:
    """One thing to do: `why` says what it rests on or what is missing, `act` is the act that does it.

    What the desk does by itself has no act; what is not `needed` holds no further step up.
    """

    title: str
    done: bool
    why: str
    act: Act | None
    needed: bool = True
    only: frozenset[Role] = frozenset()  # where not everybody whose role may do the act may do this

    def who(self) -> frozenset[Role]:
        """Return the roles for which it is; none for what the desk does by itself."""
        return frozenset() if self.act is None else self.only or frozenset(ACTS[self.act].who)
