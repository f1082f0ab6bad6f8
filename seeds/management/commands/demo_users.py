from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from seeds.demo.users import demo_users, shown_users
from up2k_portal import demo


class Command(BaseCommand):
    help = "Menuliskan pengguna contoh dengan sandinya, satu baris untuk tiap peran."

    def handle(self, *args, **options):
        if not settings.DEMO:
            raise CommandError("Pengguna contoh hanya ada di mode contoh: jalankan dengan DEMO=1.")
        password = demo.password()
        shown = shown_users()
        _make_fit(password, list(shown))
        for user, role in shown.items():
            self.stdout.write(f"{user.username:<13}  {password}  {role}")
        if shown:
            self.stdout.write("Operator desa lain: nama penggunanya kode desa (lihat Kelompok), sandinya sama.")
        self.stdout.flush()


def _make_fit(password: str, users: list[User]) -> None:
    """Sets the password anew when it is not the one that the users were made with (another state folder)."""
    if not all(check_password(password, encoded) for encoded in {user.password for user in users}):
        demo_users().update(password=make_password(password))
