"""How a surplus is shared: published examples, and lists that always sum to their post."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loans.surplus import Basis, Post, PostKind, SurplusError, check_posts, distribute, member_parts, post_amounts

BY_FEE = Post("jasa", "Jasa usaha", PostKind.BY_FEE, Decimal(25))
BY_SAVINGS = Post("modal", "Jasa modal", PostKind.BY_SAVINGS, Decimal(20))
RESERVE = Post("cadangan", "Cadangan modal", PostKind.RESERVE, Decimal(55), takes_rest=True)
SCHEME = (BY_FEE, BY_SAVINGS, RESERVE)


def post(key, percent, kind=PostKind.OTHER, takes_rest=False):
    return Post(key, key.capitalize(), kind, Decimal(percent), takes_rest)


def test_a_member_s_part_follows_the_cooperatives_formula():
    """Jasa usaha 25%, jasa modal 20% of Rp45.000.000; a member with Rp6.200.000 of Rp420.000.000 in transactions and
    Rp800.000 of Rp350.000.000 in savings: worked by hand with SHU = VA/VUK × JUA + SA/TMS × JMA."""
    amounts = post_amounts(45_000_000, SCHEME)
    assert amounts == {"jasa": 11_250_000, "modal": 9_000_000, "cadangan": 24_750_000}
    bases = {"ani": Basis(6_200_000, 800_000), "others": Basis(413_800_000, 349_200_000)}
    assert member_parts(BY_FEE, amounts["jasa"], bases)["ani"].amount == 166_071
    assert member_parts(BY_SAVINGS, amounts["modal"], bases)["ani"].amount == 20_571


@pytest.mark.parametrize(
    ("surplus", "percents", "fees", "savings", "parts"),
    [
        # KSP Anugerah 2010: jasa anggota 30%, jasa modal 20%; Widya. ilmuantekno.com/9256
        (2_000_000, ("30", "20"), (1_000_000, 15_000_000), (500_000, 10_000_000), (40_000, 20_000)),
        # A cooperative in November 2016: jasa pinjaman 15%, jasa modal 25%; Anton. tulissoal.pages.dev/post/10905396
        (27_800_000, ("15", "25"), (1_500_000, 30_000_000), (4_500_000, 75_000_000), (208_500, 417_000)),
        # Koperasi Alis Jaya: jasa anggota 25%, jasa modal 20%; Lukman. beritaharianku.com/2900
        (60_000_000, ("25", "20"), (5_000_000, 75_000_000), (2_000_000, 100_000_000), (1_000_000, 240_000)),
        # Koperasi Sederhana 2019: by the fees paid 30%, by savings 20%; Rani. id.scribd.com/document/446859701. The
        # page rounds the second part down to Rp85.000; to the rupiah it is 85.714.
        (25_000_000, ("30", "20"), (1_500_000, 20_000_000), (1_200_000, 70_000_000), (562_500, 85_714)),
    ],
)
def test_published_examples_come_out_to_the_rupiah(surplus, percents, fees, savings, parts):
    """Her fees (or what she borrowed) and savings of all members' ones."""
    scheme = (
        post("jasa", percents[0], PostKind.BY_FEE),
        post("modal", percents[1], PostKind.BY_SAVINGS),
        post("cadangan", 100 - Decimal(percents[0]) - Decimal(percents[1]), PostKind.RESERVE, takes_rest=True),
    )
    amounts = post_amounts(surplus, scheme)
    bases = {"her": Basis(fees[0], savings[0]), "others": Basis(fees[1] - fees[0], savings[1] - savings[0])}
    found = [member_parts(one, amounts[one.key], bases)["her"].amount for one in scheme[:2]]
    assert tuple(found) == parts


def test_the_koperasi_split_of_forty_forty_five_five_five_five():
    """Cadangan 40, anggota 40, pengurus 5, karyawan 5, pendidikan 5, sosial 5 (koperasi.net, on UU 25/1992 article
    45); an odd rupiah stays in the reserve."""
    scheme = [
        post("cadangan", 40, PostKind.RESERVE, takes_rest=True),
        post("anggota", 40, PostKind.BY_FEE),
        post("pengurus", 5, PostKind.OFFICERS),
        post("karyawan", 5),
        post("pendidikan", 5, PostKind.EDUCATION),
        post("sosial", 5, PostKind.SOCIAL),
    ]
    assert post_amounts(1_000_001, scheme) == {
        "cadangan": 400_001, "anggota": 400_000, "pengurus": 50_000, "karyawan": 50_000, "pendidikan": 50_000,
        "sosial": 50_000,
    }  # fmt: skip


def test_each_member_reads_in_one_line_how_her_part_comes_about():
    parts = member_parts(BY_FEE, 100_000, {1: Basis(fees=30_000), 2: Basis(fees=15_000), 3: Basis(savings=9)})
    assert {key: (part.amount, part.words) for key, part in parts.items()} == {
        1: (66_667, "jasa Rp30.000 dari Rp45.000 × Rp100.000 = Rp66.667"),
        2: (33_333, "jasa Rp15.000 dari Rp45.000 × Rp100.000 = Rp33.333"),
    }


def test_equal_parts_of_what_does_not_divide_give_the_odd_rupiah_to_the_first():
    parts = member_parts(post("rata", 10, PostKind.EQUAL), 100, {1: Basis(), 2: Basis(), 3: Basis()})
    assert {key: part.amount for key, part in parts.items()} == {1: 34, 2: 33, 3: 33}
    assert parts[2].words == "Rp100 dibagi rata 3 anggota = Rp33"


def test_a_year_without_fees_gives_nobody_a_part_by_fee():
    assert member_parts(BY_FEE, 100_000, {1: Basis(savings=5_000)}) == {}


@pytest.mark.parametrize(
    ("posts", "sentence"),
    [
        ([], "Belum ada pos pembagian. Isi paling sedikit satu pos, misalnya Anggota 100%."),
        ([RESERVE], "Jumlah persen 55%, kurang 45% dari 100%. Ubah salah satu pos."),
        ([*SCHEME, post("sosial", "0.5")], "Jumlah persen 100,5%, lebih 0,5% dari 100%. Ubah salah satu pos."),
        ([*SCHEME, post("sosial", 0)], "Pos Sosial: persen harus di atas 0 dan paling banyak 100."),
        ([post("sosial", 100)], "Tandai satu pos yang menerima sisa pembulatan, misalnya Cadangan modal."),
        (
            [post("anggota", 100, PostKind.BY_FEE, takes_rest=True)],
            "Sisa pembulatan tidak dapat masuk ke pos anggota. Pilih misalnya Cadangan modal.",
        ),
    ],
)
def test_a_scheme_that_cannot_be_says_why(posts, sentence):
    with pytest.raises(SurplusError) as refusal:
        check_posts(posts)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize("surplus", [0, -250_000])
def test_a_deficit_is_carried_and_nothing_shared(surplus):
    with pytest.raises(SurplusError, match="tidak ada yang dapat dibagi. Kekurangan dibawa ke tahun berikutnya."):
        post_amounts(surplus, SCHEME)


@given(st.integers(0, 10**12), st.dictionaries(st.integers(), st.integers(0, 10**9), max_size=60))
def test_a_distribution_sums_to_its_amount_and_is_less_than_a_rupiah_off(amount, weights):
    parts = distribute(amount, weights)
    total = sum(weights.values())
    assert sum(parts.values()) == (amount if total else 0)
    for key, part in parts.items():
        exact = Fraction(weights[key] * amount, total) if total else Fraction(0)
        assert abs(part - exact) < 1


@given(st.integers(1, 10**12), st.lists(st.integers(1, 10_000), min_size=1, max_size=9))
def test_the_posts_of_any_scheme_sum_to_the_surplus(surplus, weights):
    percents = distribute(10_000, dict(enumerate(weights)))
    posts = [post(f"p{key}", Decimal(part) / 100, takes_rest=key == 0) for key, part in percents.items() if part]
    if posts[0].takes_rest:
        amounts = post_amounts(surplus, posts)
        assert sum(amounts.values()) == surplus
        assert all(amount >= 0 for amount in amounts.values())


def test_a_negative_weight_is_a_mistake_of_the_program():
    with pytest.raises(ValueError, match="not negative"):
        distribute(10, {1: -1, 2: 5})


BASES = st.dictionaries(
    st.integers(), st.builds(Basis, st.integers(0, 10**9), st.integers(0, 10**9)), min_size=1, max_size=60
)


@given(st.integers(1, 10**12), st.sampled_from([PostKind.BY_FEE, PostKind.BY_SAVINGS, PostKind.EQUAL]), BASES)
def test_the_list_of_a_members_post_sums_to_it_or_nobody_has_a_basis(amount, kind, bases):
    parts = member_parts(post("anggota", 30, kind), amount, bases)
    has_basis = kind == PostKind.EQUAL or any(
        basis.fees if kind == PostKind.BY_FEE else basis.savings for basis in bases.values()
    )
    assert sum(part.amount for part in parts.values()) == (amount if has_basis else 0)
    assert all(part.amount > 0 for part in parts.values())
