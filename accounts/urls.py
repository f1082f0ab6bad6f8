from django.contrib.auth.views import LogoutView
from django.urls import include, path

from accounts import token_views, views

urlpatterns = [
    path("masuk/", views.Login.as_view(), name="login"),
    path("masuk/contoh/", views.DemoLogin.as_view(), name="demo-login"),
    path("keluar/", LogoutView.as_view(), name="logout"),
    path("langkah-pertama/", views.FirstSteps.as_view(), name="first-steps"),
    path("sandi/", views.Password.as_view(), name="password"),
    path("token/", token_views.TokenList.as_view(), name="tokens"),
    path("token/baru/", token_views.TokenAdd.as_view(), name="token-add"),
    path("token/<int:pk>/cabut/", token_views.TokenRevoke.as_view(), name="token-revoke"),
    path("", include("accounts.attachments.urls")),
]
