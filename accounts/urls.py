from django.contrib.auth.views import LogoutView
from django.urls import include, path

from accounts import views

urlpatterns = [
    path("masuk/", views.Login.as_view(), name="login"),
    path("masuk/contoh/", views.DemoLogin.as_view(), name="demo-login"),
    path("keluar/", LogoutView.as_view(), name="logout"),
    path("sandi/", views.Password.as_view(), name="password"),
    path("", include("accounts.attachments.urls")),
]
