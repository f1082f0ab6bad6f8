"""Paths of persons; `up2k_portal.urls` hands over what loans know."""

from django.urls import path

from villages import people_views as views


def patterns(*, counts, guards, latest):
    """`counts`: members → {key: loans}; `guards`: member → why she cannot go to another group, "" when she can;
    `latest`: member → the day before which she cannot, None when there is none."""
    return [
        path("orang-ganda/", views.CaseListing.as_view(counts=counts), name="people-doubles"),
        path("orang-ganda/keputusan/", views.DecisionListing.as_view(), name="people-decisions"),
        path("orang-ganda/keputusan/<int:pk>/batal/", views.DecisionUndo.as_view(guards=guards), name="people-undo"),
        path("orang-ganda/<slug:pair>/", views.CaseView.as_view(counts=counts), name="people-case"),
        path("orang-ganda/<slug:pair>/sama/", views.Merge.as_view(counts=counts), name="people-merge"),
        path("orang-ganda/<slug:pair>/beda/", views.Dismiss.as_view(counts=counts), name="people-dismiss"),
        path(
            "anggota/<int:pk>/pindah/",
            views.MemberTransfer.as_view(guards=guards, latest=latest),
            name="member-transfer",
        ),
    ]
