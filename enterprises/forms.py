from enterprises.models import Enterprise
from villages.forms import InGroupForm


class EnterpriseForm(InGroupForm):
    class Meta:
        model = Enterprise
        fields = ("group", "name", "category", "member", "poklak", "products", "started_on", "closed_on")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("member", "poklak"):
            self.group_rows(name)
            self.fields[name].empty_label = "–"
