"""Who does by hand, through the services, what the demo tells beside its three years in bulk."""

from dataclasses import dataclass
from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid5

from accounts.models import User
from loans import proposal_services, services
from loans.models import Loan, LoanProduct, Receipt
from seeds.demo.scene import Scene
from villages.models import Group, Member, Poklak


@dataclass
class Office:
    """The operator of a village and her kecamatan at work on the last days of the story."""

    group: Group
    scene: Scene
    operator: User
    district: User

    def day(self, months_ago: int, day: int) -> date:
        return self.scene.months_before_end(months_ago, day)

    def key(self, name: str) -> UUID:
        return uuid5(NAMESPACE_URL, f"up2k demo {self.group.village.code} {self.group.name} kisah {name}")

    def member(self, name: str) -> Member:
        return self.group.members.get(name=name)

    def lend(
        self,
        product: LoanProduct,
        borrower: Member | Poklak,
        principal: int,
        purpose: str,
        shares: dict[Member, int] | None = None,
    ) -> Loan:
        """Proposed on the third and paid out on the fifth of the month before the last."""
        loan = proposal_services.propose_loan(
            product=product,
            borrower=borrower,
            principal=principal,
            purpose=purpose,
            proposed_on=self.day(1, 3),
            uuid=self.key(f"pinjaman {borrower}"),
            by=self.operator,
            shares=shares,
        )
        return proposal_services.disburse_loan(loan=loan, disbursed_on=self.day(1, 5), by=self.operator)

    def take(self, loan: Loan, amount: int, name: str = "") -> Receipt:
        """Received on the last day."""
        return services.record_payment(
            loan=loan,
            amount=amount,
            received_on=self.scene.until,
            uuid=self.key(f"setoran {loan.number} {name}"),
            by=self.operator,
        )
