from django.urls import path

from loans.views import savings, village_rules

urlpatterns = [
    path("simpanan/", savings.SavingListing.as_view(), name="saving-list"),
    path("anggota/<int:pk>/simpanan/", savings.SavingBook.as_view(), name="saving-book"),
    path("anggota/<int:pk>/simpanan/setor/", savings.SavingDeposit.as_view(), name="saving-deposit"),
    path("anggota/<int:pk>/simpanan/tarik/", savings.SavingWithdraw.as_view(), name="saving-withdraw"),
    path("anggota/<int:pk>/titipan/kembali/", savings.MemberCreditBack.as_view(), name="member-credit-back"),
    path("kelompok/<int:pk>/aturan-uang/", savings.MoneyRulesView.as_view(), name="money-rules"),
    path("kelompok/<int:pk>/aturan-uang/iuran/", savings.MoneyRulesEdit.as_view(), name="money-rules-edit"),
    path("kelompok/<int:group_pk>/aturan-uang/ketentuan/", savings.SavingTermsEdit.as_view(), name="saving-terms-add"),
    path("desa/<int:pk>/aturan-uang/", village_rules.VillageRulesView.as_view(), name="village-rules"),
    path("desa/<int:pk>/aturan-uang/ubah/", village_rules.VillageRulesEdit.as_view(), name="village-rules-edit"),
    path("aturan-uang/ketentuan/<int:pk>/", savings.SavingTermsEdit.as_view(), name="saving-terms-edit"),
]
