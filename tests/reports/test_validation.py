"""Rules about a report's figures: comparisons, jumps, outliers; pure, with the numbers by hand."""

from fractions import Fraction

import pytest

from reports.findings import Severity
from reports.indicators import ALL
from reports.shipped_rules import SHIPPED
from reports.validation import Kind, Rule, broken, is_outlier, jump, parse_sum, problems, score


def rule(kind=Kind.COMPARE, left="members", sign="=", right="members_male + members_female", **more) -> Rule:
    return Rule("uji", "Aturan uji", kind, Severity.SOFT, left, sign, right, **more)


class TestSums:
    def test_a_sum_has_terms_and_a_plain_number(self):
        assert parse_sum("balance_1 + 2*balance_2 - 100").of({"balance_1": 300, "balance_2": 50}) == 300

    def test_what_nobody_recorded_makes_the_sum_unknown(self):
        assert parse_sum("turnover_period + balance").of({"turnover_period": None, "balance": 5}) is None

    def test_its_words_are_the_indicators_own_labels(self):
        assert parse_sum("members - 2*borrowers").words == "Anggota aktif − 2 × Peminjam"

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("saldo", "Angka “saldo” tidak ada. Lihat kodenya di halaman Definisi angka."),
            ("members members", "“members members” tidak dapat dibaca. Tulis misalnya balance_1 + balance_2."),
            ("members * 3", "“members * 3” tidak dapat dibaca. Tulis misalnya balance_1 + balance_2."),
            ("", "Isi paling sedikit satu angka, misalnya members."),
        ],
    )
    def test_what_cannot_be_read_says_what_would_be_right(self, text, sentence):
        with pytest.raises(ValueError, match=".") as error:
            parse_sum(text)
        assert str(error.value) == sentence


class TestComparing:
    def test_a_broken_rule_tells_both_sides(self):
        assert broken(rule(), {"members": 12, "members_male": 1, "members_female": 10}) == (12, 11)

    def test_one_that_holds_or_cannot_be_tried_tells_nothing(self):
        assert broken(rule(), {"members": 11, "members_male": 1, "members_female": 10}) is None
        assert broken(rule(), {"members": 11, "members_male": None, "members_female": 10}) is None

    @pytest.mark.parametrize(("sign", "holds"), [("<=", True), (">=", False), ("=", False)])
    def test_each_sign(self, sign, holds):
        found = broken(rule(left="surplus_paid", sign=sign, right="surplus"), {"surplus_paid": 5, "surplus": 7})
        assert (found is None) is holds


class TestJumps:
    RULE = rule(Kind.JUMP, "balance", threshold=50, least=1_000_000)

    def test_a_jump_is_percent_of_what_was(self):
        assert jump(self.RULE, {"balance": 4_000_000}, {"balance": 6_400_000}) == 60
        assert jump(self.RULE, {"balance": 4_000_000}, {"balance": 1_000_000}) == -75

    @pytest.mark.parametrize(
        ("then", "now"), [(4_000_000, 6_000_000), (1_000_000, 1_900_000), (0, 9_000_000), (None, 9_000_000)]
    )
    def test_at_the_limit_below_the_least_or_from_nothing_there_is_none(self, then, now):
        assert jump(self.RULE, {"balance": then}, {"balance": now}) is None


class TestOutliers:
    """Modified z-score, Iglewicz and Hoaglin 1993: 0.6745 × (x − median) ÷ MAD, an outlier beyond 3.5."""

    PEERS = (10, 12, 13, 14, 16)  # median 13, deviations 3 1 0 1 3, their median 1

    def test_the_score_by_hand(self):
        assert score(20, self.PEERS) == Fraction(6745 * 7, 10_000)

    def test_beyond_the_limit_is_an_outlier(self):
        limit = rule(Kind.OUTLIER, "balance", threshold=35)
        assert is_outlier(limit, 19, self.PEERS)  # 4.047
        assert not is_outlier(limit, 18, self.PEERS)  # 3.3725

    def test_few_or_equal_peers_say_nothing(self):
        assert score(99, self.PEERS[:4]) is None
        assert score(99, (5, 5, 5, 5, 7)) is None


def test_every_shipped_rule_can_be_tried():
    assert {one.code: list(problems(one)) for one in SHIPPED if list(problems(one))} == {}
    assert all(one.left in ALL for one in SHIPPED if one.kind in (Kind.JUMP, Kind.OUTLIER))
