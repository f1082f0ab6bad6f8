"""Login and password forms, in the portal's words."""

from django.contrib.auth import forms as auth_forms


def say_what_is_missing(form) -> None:
    """Names the empty field: "Kata sandi belum diisi." """
    for field in form.fields.values():
        field.error_messages["required"] = f"{field.label} belum diisi."


class LoginForm(auth_forms.AuthenticationForm):
    error_messages = {
        "invalid_login": "Nama pengguna atau kata sandi tidak cocok. Periksa huruf besar dan kecil, lalu coba lagi.",
        "inactive": "Akun ini tidak aktif. Hubungi TP PKK Kabupaten.",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "Nama pengguna"
        self.fields["username"].help_text = "Kode desa, misalnya 63.08.03.2014"
        self.fields["password"].label = "Kata sandi"
        say_what_is_missing(self)


class PasswordForm(auth_forms.PasswordChangeForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_what_is_missing(self)
