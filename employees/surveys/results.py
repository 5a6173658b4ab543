"""What was answered in a round, as far as it tells nothing about anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count

from employees.keysets import Keyset, keyset

from .answering import SCORES
from .models import Round

LEAST_ANSWERS: Final = 5
"""With fewer, an average or a comment may tell whose it is."""


@dataclass(frozen=True)
class Results:
    """The answers of a round.

    Attributes:
        average: of the scores from 0 to 10.
        distribution: every score with the number of its answers.
        comments: a page of those who wrote one, in no order that tells when.
    """

    answers: int
    average: float
    distribution: Sequence[tuple[int, int]]
    comments: Keyset

    @property
    def most(self) -> int:
        return max(number for _, number in self.distribution)


def results_of(round_: Round, comments_after: int = 0) -> Results | None:
    """The results of a round; None when there are too few, and while it is open. Two queries.

    Whoever sees the results of an open round change, and beside it who has answered, would know which answer
    is whose.
    """
    if round_.closed_at is None:
        return None
    counted = dict(round_.answers.order_by().values_list("score").annotate(Count("pk")))
    answers = sum(counted.values())
    if answers < LEAST_ANSWERS:
        return None
    average = sum(score * number for score, number in counted.items()) / answers
    comments = keyset(round_.answers.exclude(comment=""), comments_after)
    return Results(answers, average, [(score, counted.get(score, 0)) for score in SCORES], comments)
