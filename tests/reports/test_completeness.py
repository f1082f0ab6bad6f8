"""Who has reported, counted over the same villages above and below the line."""

from fractions import Fraction

import pytest

from reports.completeness import KINDS, Standing, completeness


def standing(state: str = "", **facts) -> Standing:
    is_in = state in ("submitted", "verified", "approved", "sent")
    return Standing("63.08.03.2014", "Desa Pandulangan", state, is_in, **facts)


@pytest.mark.parametrize(
    ("one", "kind"),
    [
        (standing(), "none"),
        (standing(is_late=True), "late"),
        (standing("draft"), "draft"),
        (standing("draft", is_late=True), "late"),
        (standing("returned", is_late=True), "returned"),
        (standing("submitted", is_late=True), "submitted"),
        (standing("sent"), "sent"),
    ],
)
def test_a_report_is_of_one_kind(one, kind):
    assert one.kind == kind


def test_counts_and_rates():
    rows = [
        standing("sent", is_agreed=True),
        standing("approved", is_agreed=True, is_late=True),
        standing("submitted", is_nil=True),
        standing("returned"),
        standing(is_late=True),
        standing(),
    ]
    found = completeness(rows)
    assert (found.expected, found.received, found.missing) == (6, 3, 3)
    assert (found.on_time, found.late, found.overdue, found.nil, found.agreed) == (2, 1, 1, 1, 2)
    assert (found.rate, found.timely_rate, found.agreed_rate) == (50, Fraction(100, 3), Fraction(100, 3))
    assert (found.worst, found.kinds) == (
        "late",
        (("late", 1), ("returned", 1), ("none", 1), ("submitted", 1), ("approved", 1), ("sent", 1)),
    )


def test_nobody_is_no_rate():
    found = completeness([])
    assert (found.rate, found.worst, found.kinds) == (None, "", ())


def test_every_kind_has_its_words_letter_and_badge():
    from reports.board_words import STANDINGS
    from up2k_portal.lib.ui import STATUSES

    assert set(STANDINGS) == set(KINDS)
    assert {words.badge for words in STANDINGS.values()} <= set(STATUSES)
    assert len({words.letter for words in STANDINGS.values()}) == len(KINDS)
