from django.urls import path

from enterprises import views

urlpatterns = [
    path("usaha/", views.EnterpriseListing.as_view(), name="enterprise-list"),
    path("usaha/baru/", views.EnterpriseNew.as_view(), name="enterprise-new"),
    path("usaha/<int:pk>/", views.EnterpriseView.as_view(), name="enterprise"),
    path("usaha/<int:pk>/ubah/", views.EnterpriseEdit.as_view(), name="enterprise-edit"),
    path("usaha/<int:enterprise_pk>/produk/baru/", views.ProductEdit.as_view(), name="product-add"),
    path("usaha/<int:enterprise_pk>/izin/baru/", views.PermitEdit.as_view(), name="permit-add"),
    path("usaha/<int:enterprise_pk>/bulan/baru/", views.ResultEdit.as_view(), name="result-add"),
    path("produk/<int:pk>/ubah/", views.ProductEdit.as_view(), name="product-edit"),
    path("izin/<int:pk>/ubah/", views.PermitEdit.as_view(), name="permit-edit"),
    path("bulan/<int:pk>/ubah/", views.ResultEdit.as_view(), name="result-edit"),
    path("kelompok/<int:group_pk>/usaha/baru/", views.EnterpriseEdit.as_view(), name="enterprise-add"),
    path("kelompok/<int:pk>/usaha/bulan/", views.MonthEntry.as_view(), name="month-entry"),
    path("kelompok/<int:pk>/usaha/buku/", views.ProductionBook.as_view(), name="production-book"),
]
