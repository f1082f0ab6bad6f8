from datetime import date
import pytest
from tests import build
from tests.browser.survey import survey, faults
from tests.reports import build_reports as reports
from up2k_portal.lib.access import Role
from reports.models import DueDay
pytestmark = pytest.mark.django_db(transaction=True)
URLS = ["/laporan/?wilayah=63.08", "/laporan/?wilayah=63.08.03", "/laporan/desa/?wilayah=63.08&periode=2026-TW2", "/laporan/?format=cetak"]
def test_x(open_page):
    states = ["approved","submitted","verified","returned","sent",None,"draft"]
    for n in range(24):
        d = ("03","07","04")[n%3]
        v = build.village(f"63.08.{d}.{2001+n}", name=f"Banyu Tajun Pangkalan {n}")
        for k, p in enumerate((reports.TW2, reports.parse_period("2026-TW1"))):
            s = states[(n + k) % 7] if k == 0 else ("approved" if n % 5 else "submitted")
            if s: reports.kept(v, p, state=s, submitted_on=date(2026,7,3+n%5) if k==0 else date(2026,4,3))
    reports.leave(v)
    reg = v.district.regency
    DueDay.objects.create(regency=reg, period="2026-TW1", tier="village", on=date(2026,4,9), reason="banjir di tiga kecamatan")
    staff, admin = build.user(Role.STAFF,"63.08",name="Noor Hayati"), build.user(Role.ADMIN,"63.08",name="Mastura")
    for i, url in enumerate(URLS):
        url = url.replace("/1/", f"/{reg.pk}/")
        user = admin if str(reg.pk) + "/" in url else staff
        for width in (360, 1280):
            page = open_page(width, user)
            page.goto(url)
            page.screenshot(path=f"/tmp/shots/board{i}-{width}.png", full_page=True)
        seen = survey(open_page(360, user), url, (320, 360, 1280))
        print(url, faults(seen))
