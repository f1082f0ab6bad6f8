from django.urls import path

from enterprises import views

urlpatterns = [
    path("usaha/", views.EnterpriseListing.as_view(), name="enterprise-list"),
    path("usaha/baru/", views.EnterpriseNew.as_view(), name="enterprise-new"),
    path("usaha/<int:pk>/", views.EnterpriseView.as_view(), name="enterprise"),
    path("usaha/<int:pk>/ubah/", views.EnterpriseEdit.as_view(), name="enterprise-edit"),
    path("kelompok/<int:group_pk>/usaha/baru/", views.EnterpriseEdit.as_view(), name="enterprise-add"),
]
