"""The HTML report."""

from core.eval.report import Report
from core.eval.report_charts import Bar, bars


def test_a_page_holds_all_that_was_given_and_no_markup_of_others(tmp_path):
    report = Report("A <b> title", "courtside eval programmes --model <x>")
    report.heading("Results")
    report.paragraph("1 < 2")
    report.items(["one & two"])
    report.table(["name", "value"], [["<i>", "3"]])
    report.picture(bars("F1", [Bar("a", 1.0, 1.0, 1.0)]), "below")
    report.write(tmp_path / "new" / "report.html")
    page = (tmp_path / "new" / "report.html").read_text("utf-8")
    for shown in ("A &lt;b&gt; title", "&lt;x&gt;", "1 &lt; 2", "one &amp; two", "<td>&lt;i&gt;</td>", "<svg", "below"):
        assert shown in page
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")


def test_figures_are_coloured_by_their_goals():
    record = {"value": 0.9, "unit": "share", "low": 0.8, "high": 0.95, "goal": 0.8, "better": "higher"}
    report = Report("t", "c")
    report.figures(
        {"a": record, "b": record | {"better": "lower"}, "c": record | {"goal": None, "low": 0.9, "high": 0.9}}
    )
    page = report.html()
    assert page.count('class="good"') == page.count('class="bad"') == 1
    assert "0.800 to 0.950" in page
