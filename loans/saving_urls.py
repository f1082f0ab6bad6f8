from django.urls import path

from loans.views import savings

urlpatterns = [
    path("simpanan/", savings.SavingListing.as_view(), name="saving-list"),
    path("anggota/<int:pk>/simpanan/", savings.SavingBook.as_view(), name="saving-book"),
    path("anggota/<int:pk>/simpanan/setor/", savings.SavingDeposit.as_view(), name="saving-deposit"),
    path("anggota/<int:pk>/simpanan/tarik/", savings.SavingWithdraw.as_view(), name="saving-withdraw"),
    path("kelompok/<int:pk>/aturan-uang/", savings.MoneyRulesView.as_view(), name="money-rules"),
    path("kelompok/<int:pk>/aturan-uang/iuran/", savings.MoneyRulesEdit.as_view(), name="money-rules-edit"),
    path("kelompok/<int:group_pk>/aturan-uang/ketentuan/", savings.SavingTermsEdit.as_view(), name="saving-terms-add"),
    path("aturan-uang/ketentuan/<int:pk>/", savings.SavingTermsEdit.as_view(), name="saving-terms-edit"),
]
