"""Adding and changing what belongs to one enterprise: products, permits, single months."""

from django.shortcuts import get_object_or_404

from accounts.pages import EditView
from enterprises.forms import PermitForm, ProductForm, ResultForm
from enterprises.models import Enterprise, MonthlyResult, Permit, Product
from up2k_portal.lib.access import Action


class OfEnterpriseEdit(EditView):
    """Adds a row to the enterprise that the URL names, or edits one."""

    action = Action.EDIT_REGISTRY
    adds = ""

    def load(self, pk=None, enterprise_pk=None):
        super().load(pk=pk, enterprise_pk=enterprise_pk)
        self.enterprise = self.object.enterprise

    def blank(self, enterprise_pk):
        enterprises = self.open(Enterprise).select_related("village__district", "group")
        return self.row_of(get_object_or_404(enterprises, pk=enterprise_pk))

    def row_of(self, enterprise: Enterprise):
        return self.model(village=enterprise.village, enterprise=enterprise)

    @property
    def title(self):
        return f"Ubah {self.object}" if self.object.pk else self.adds

    @property
    def intro(self):
        return f"{self.enterprise}, {self.enterprise.owner}"

    def back_url(self):
        return self.enterprise.get_absolute_url()


class ProductEdit(OfEnterpriseEdit):
    model = Product
    form_class = ProductForm
    adds = "Tambah produk"
    done_message = "Produk {} tersimpan."


class PermitEdit(OfEnterpriseEdit):
    model = Permit
    form_class = PermitForm
    adds = "Tambah izin"
    done_message = "Izin {} tersimpan."


class ResultEdit(OfEnterpriseEdit):
    model = MonthlyResult
    form_class = ResultForm
    adds = "Catat hasil sebulan"
    done_message = "Hasil {} tersimpan."

    def row_of(self, enterprise):
        return MonthlyResult(village=enterprise.village, group=enterprise.group, enterprise=enterprise)
