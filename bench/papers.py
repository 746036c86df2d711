"""Paper: the monthly report as PDF, a long block filled into a form, a long document read."""

from __future__ import annotations

import io
import statistics
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Image, LongTable, PageBreak, Paragraph, SimpleDocTemplate

from bench.county import session
from bench.measure import TODAY, Result, bound_result, by_turns, ratio_result, timed
from ledger_app.core.entities import LEDGERS
from ledger_app.db.migrations import MIGRATIONS
from ledger_app.export.fill import fill_cells
from ledger_app.export.fonts import pdf_font
from ledger_app.export.pdf import pdf_bytes
from ledger_app.export.report import Chart, Report, Table, show
from ledger_app.ingest.documents import read_text
from ledger_app.services import demo, reporting

TIMES = 5
MONTH = TODAY.isoformat()[:7]
WELLS, BAR_REPORT = 10_000, 1.3
FILLED, BAR_FILL = 100_000, 1.5
PAGES, LINES_A_PAGE, BAR_DOCUMENT_S = 200, 28, 3.0


def demo_county(folder: Path, wells: int) -> Path:
    path = folder / f"demo-{wells}-{len(MIGRATIONS)}.ledger"
    if not path.exists():
        demo.make_demo(path, LEDGERS, wells=wells, seed=1, today=TODAY)
    return path


def bare_pdf(report: Report) -> bytes:
    """The same tables by reportlab's own LongTable, the same bars by plain matplotlib."""
    buffer = io.BytesIO()
    style = ParagraphStyle("body", fontName=pdf_font("serif"), fontSize=10, leading=14)
    story: list[Any] = []
    for section in report.sections:
        for part in section.parts:
            if isinstance(part, Table):
                heads = [[column.head for column in part.columns]]
                rows = [[show(row.values.get(c.name), c) for c in part.columns] for row in part.rows]
                grid = [
                    ("FONT", (0, 0), (-1, -1), pdf_font("serif"), 9),
                    ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
                ]
                story.append(LongTable(heads + rows, repeatRows=1, style=grid))
            elif isinstance(part, Chart):
                story.append(Image(io.BytesIO(bare_chart(part)), width=700, height=300))
            else:
                story.append(Paragraph(part.text, style))
        story.append(PageBreak())
    SimpleDocTemplate(buffer, pagesize=landscape(A4)).build(story)
    return buffer.getvalue()


def bare_chart(chart: Chart) -> bytes:
    figure = Figure(figsize=(10, 4.3), dpi=200)
    axes = figure.add_subplot()
    for n, series in enumerate(chart.series):
        places = [i + n * 0.4 for i in range(len(series.values))]
        axes.bar(places, [float(v) for v in series.values], width=0.4)
    buffer = io.BytesIO()
    FigureCanvasAgg(figure).print_png(buffer)  # type: ignore[no-untyped-call]
    return buffer.getvalue()


def run_report(folder: Path) -> list[Result]:
    with session(demo_county(folder, WELLS)) as opened:
        conn = opened.conn

        def ours() -> tuple[bytes, Any]:
            return pdf_bytes(reporting.build_report(conn, "monthly-progress", MONTH, TODAY))

        made = reporting.build_report(conn, "monthly-progress", MONTH, TODAY)
        pages, _ = ours()[1].pages, bare_pdf(made)  # fonts and modules are loaded for both
        taken = by_turns(TIMES, ours, lambda: bare_pdf(made))
    job = f"monthly report, {WELLS:,} wells, {pages} pages with charts, PDF"
    return [ratio_result(job, *taken, BAR_REPORT, "bare reportlab + matplotlib")]


def form(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "附件1"
    sheet.append(["机电井登记表"])
    sheet.append(["序号", "乡镇", "村", "编号", "井深", "水量", "状态", "备注"])
    for _ in range(4):
        sheet.append([None] * 8)
    sheet.append(["合计", None, None, None, "=SUM(E3:E6)", "=SUM(F3:F6)"])
    book.save(path)


def run_fill(folder: Path) -> list[Result]:
    template, out, raw = folder / "form.xlsx", folder / "filled.xlsx", folder / "filled.zip"
    form(template)
    rows = [
        [n, f"第{n % 20}镇", f"第{n % 400}村", f"150824J{n:06d}", 60 + n % 90, 3.9, "在用", ""]
        for n in range(FILLED)
    ]
    block = {"first_row": 3, "blank_rows": 4, "columns": list("ABCDEFGH"), "rows": rows}
    plan = {"sheets": {"附件1": {"blocks": [block]}}}

    def stream() -> None:
        """The plainest writer of the same rows: one format a row, deflated as hard as the form is."""
        line = (
            '<row r="{0}">'
            + "".join(
                f'<c r="{letter}{{0}}"><v>{{{n + 1}}}</v></c>'
                if letter in "AEF"
                else f'<c r="{letter}{{0}}" t="inlineStr"><is><t>{{{n + 1}}}</t></is></c>'
                for n, letter in enumerate("ABCDEFG")  # the last column is empty
            )
            + "</row>"
        )
        kind = zipfile.ZIP_DEFLATED
        with zipfile.ZipFile(raw, "w", kind, compresslevel=3) as target, target.open("s.xml", "w") as member:
            for number, row in enumerate(rows, 3):
                member.write(line.format(number, *row).encode())

    taken = by_turns(TIMES, lambda: fill_cells(template, plan, out), stream)
    return [ratio_result(f"fill {FILLED:,} rows into a form", *taken, BAR_FILL, "raw zip stream")]


def run_document(_: Path) -> list[Result]:
    text = long_notice(PAGES * LINES_A_PAGE)
    seconds = statistics.median(timed(lambda: read_text(text)) for _ in range(TIMES))
    return [bound_result(f"read a document of {PAGES} pages", seconds, "s", BAR_DOCUMENT_S)]


def long_notice(lines: int) -> str:
    """A plan with as many numbered items as fill the pages."""
    made = ["示例旗水资源问题整改方案", "", "一、地下水超采问题"]
    number = 0
    while len(made) < lines:
        number += 1
        made += [
            f"（{number}）第{number}处超采区地下水取水量超过可开采量，部分机电井未安装计量设施。",
            "牵头单位：示例旗水利局",
            "责任单位：东河镇、北原苏木人民政府",
            "整改时限：2025年12月底",
            "整改目标：完成计量设施安装，取水量不超过控制指标。",
            "整改措施：一是安装计量设施。（已完成整改）二是关停无证机电井。三是加强日常巡查。",
        ]
    return "\n".join(made)
