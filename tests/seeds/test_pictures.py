"""The demo's pictures: drawn, small, and on the records of which they tell."""

from accounts.attachments.models import Attachment
from enterprises.models import Category, Enterprise
from seeds.demo.pictures import hang_pictures
from tests import build


def test_as_syifa_has_a_picture_of_itself_and_one_of_each_of_three_enterprises(group, operator, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    category = Category.objects.get_or_create(name="Bordir")[0]
    for name in ("Melati", "Itik Alabio", "Kue Kering"):
        poklak = build.poklak(group, name=name)
        Enterprise.objects.create(name=name, category=category, poklak=poklak, group=group, village=group.village)
    hang_pictures()
    hung = Attachment.objects.order_by("pk")
    assert [(str(one), one.model, one.uploaded_by) for one in hung] == [
        ("Papan nama kelompok", "villages.group", operator),
        ("Kain bordir pesanan", "enterprises.enterprise", operator),
        ("Telur itik siap jual", "enterprises.enterprise", operator),
        ("Kue kering untuk lebaran", "enterprises.enterprise", operator),
    ]
    assert {(one.width, one.height) for one in hung} == {(960, 720)}
    assert sum(one.size for one in hung) < 400_000
