"""axe-core on the page that is open: what keeps people out, serious or critical."""

from pathlib import Path

AXE = Path(__file__).resolve().parent / "vendor/axe-core-4.14.1/axe.min.js"
HEAVY = {"serious", "critical"}
# In the page, without a script tag: the portal's CSP forbids one. What axe would preload, styles and films, serves no
# rule that it runs by itself here, and takes a third of its time.
RUN = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"], preload: false });
  const where = ({ target, failureSummary }) => `${target.join(" ")}: ${failureSummary}`;
  return violations.map(({ id, impact, nodes }) => ({ id, impact, where: nodes.slice(0, 3).map(where) }));
}"""


def barriers(page) -> list[str]:
    """The serious and critical violations on the page, a sentence each; none on a page that everybody can use."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    return [f"{one['id']}: {'; '.join(one['where'])}" for one in page.evaluate(RUN) if one["impact"] in HEAVY]
