"""What a loan would cost: the schedule and, in plain words, its true yearly rate."""

from django.shortcuts import render

from loans import schedule
from loans.forms import SimulationForm
from up2k_portal.lib.access import Action
from up2k_portal.lib.views import Page


class Simulation(Page):
    """A question asked by GET, so that its answer has an address and can be shared."""

    action = Action.SIMULATE

    def get(self, request):
        asked = request.GET or None
        form = SimulationForm(asked, access=self.access)
        context = {"title": "Simulasi angsuran", "form": form}
        if form.is_bound and form.is_valid():
            context |= self.answer(form)
        return render(request, "loans/simulation.html", context)

    def answer(self, form) -> dict:
        try:
            terms = form.terms()
            rows = schedule.build(terms, form.cleaned_data["start"])
        except schedule.ScheduleError as error:
            form.add_error(None, str(error))
            return {}
        principal, service_fee = schedule.totals(rows)
        return {
            "rows": rows,
            "terms": terms,
            "total_principal": principal,
            "total_service_fee": service_fee,
            "total": principal + service_fee,
            "effective": schedule.effective_annual_rate(terms, rows),
            "periods_a_year": 12 if terms.every == "month" else 52,
        }
