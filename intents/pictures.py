"""Pictures of an evaluation, as SVG that any browser shows: a confusion matrix, a reliability curve, a line.

Figures in, markup out; every picture says in its title and description what it shows.
"""

from collections.abc import Mapping, Sequence
from html import escape

from intents.calibration import Bin

CELL, LEFT, TOP = 44, 150, 120
DARK = 0.5  # a share of the row from which its count is written in white
SIDE, MARGIN = 320, 60
BAR = 28
HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{w}" height="{h}" '
    'viewBox="0 0 {w} {h}" font-family="sans-serif" font-size="12">'
    "<title>{title}</title><desc>{desc}</desc>"
    '<rect width="100%" height="100%" fill="#fff"/>'
)

Matrix = Mapping[str, Mapping[str, int]]


def confusion(matrix: Matrix, names: Sequence[str]) -> str:
    """Draw what was marked (rows) against what was read (columns); dark is a large share of the row."""
    size = CELL * len(names)
    parts = [head(LEFT + size + 20, TOP + size + 20, "Confusion", "Rows: marked. Columns: read.")]
    for row, marked in enumerate(names):
        y = TOP + row * CELL
        total = max(1, sum(matrix[marked].values()))
        parts.append(text(LEFT - 8, y + 27, marked, anchor="end"))
        for column, read in enumerate(names):
            count = matrix[marked].get(read, 0)
            parts.append(cell(LEFT + column * CELL, y, count, count / total))
    for column, read in enumerate(names):
        x = LEFT + column * CELL + 27
        parts.append(
            f'<text transform="translate({x},{TOP - 8}) rotate(-60)">{escape(read)}</text>'
        )
    return "".join(parts) + "</svg>"


def cell(x: int, y: int, count: int, share: float) -> str:
    shade = round(255 * (1 - share))
    ink = "#fff" if share > DARK else "#000"
    box = f'<rect x="{x}" y="{y}" width="{CELL}" height="{CELL}" fill="rgb({shade},{shade},255)" stroke="#ddd"/>'
    shown = str(count) if count else ""
    return box + text(x + CELL // 2, y + 27, shown, anchor="middle", fill=ink)


def reliability(found: Sequence[Bin], error: float) -> str:
    """Draw how often a score was right; on the dashed line a score is a probability."""
    parts = [
        head(
            SIDE + 2 * MARGIN,
            SIDE + 2 * MARGIN,
            "Reliability",
            f"Expected calibration error {error:.3f}.",
        ),
        axes("score", "share right"),
        f'<line x1="{at(0)}" y1="{down(0)}" x2="{at(1)}" y2="{down(1)}" stroke="#888" stroke-dasharray="4"/>',
        line([(each.mean_score, each.share_right) for each in found]),
        text(at(0.05), down(0.93), f"expected calibration error {error:.3f}"),
    ]
    return "".join(parts) + "</svg>"


def learning(points: Sequence[tuple[int, float]], what: str) -> str:
    """Draw a figure (0 to 1) against the number of messages it was learned from."""
    most = max((count for count, _ in points), default=1)
    parts = [
        head(SIDE + 2 * MARGIN, SIDE + 2 * MARGIN, "Learning curve", f"{what} by messages."),
        axes(f"messages, up to {most:,}", what),
        line([(count / most, value) for count, value in points]),
    ]
    return "".join(parts) + "</svg>"


def bars(values: Sequence[tuple[str, float]], title: str, what: str) -> str:
    """Draw figures (0 to 1) as bars, one under another, each with its name and number."""
    height = len(values) * BAR + 2 * BAR
    parts = [head(LEFT + SIDE + 2 * MARGIN, height, title, f"{what}: one bar for each.")]
    for row, (name, value) in enumerate(values):
        y = BAR + row * BAR
        box = f'<rect x="{LEFT + 20}" y="{y}" width="{value * SIDE:.1f}" height="{BAR - 8}" fill="#88f"/>'
        parts.append(text(LEFT + 12, y + 14, name, anchor="end") + box)
        parts.append(text(LEFT + 26 + value * SIDE, y + 14, f"{value:.3f}"))
    return "".join(parts) + text(LEFT + 20, BAR - 8, what) + "</svg>"


def head(width: int, height: int, title: str, desc: str) -> str:
    return HEAD.format(w=width, h=height, title=escape(title), desc=escape(desc))


def axes(across: str, up: str) -> str:
    frame = f'<rect x="{MARGIN}" y="{MARGIN}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#000"/>'
    ticks = [text(at(t / 10), down(0) + 18, f"{t / 10:g}", anchor="middle") for t in (0, 5, 10)]
    ticks += [text(at(0) - 8, down(t / 10) + 4, f"{t / 10:g}", anchor="end") for t in (0, 5, 10)]
    names = text(at(0.5), down(0) + 38, across, anchor="middle") + text(at(0), down(1) - 10, up)
    return frame + "".join(ticks) + names


def line(points: Sequence[tuple[float, float]]) -> str:
    way = " ".join(f"{at(x):.1f},{down(y):.1f}" for x, y in points)
    dots = (
        f'<circle cx="{at(x):.1f}" cy="{down(y):.1f}" r="4" fill="#00f"><title>{x:.2f}: {y:.3f}</title></circle>'
        for x, y in points
    )
    return f'<polyline points="{way}" fill="none" stroke="#00f" stroke-width="2"/>' + "".join(dots)


def text(x: float, y: float, words: str, *, anchor: str = "start", fill: str = "#000") -> str:
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" fill="{fill}">{escape(words)}</text>'
    )


def at(x: float) -> float:
    return MARGIN + x * SIDE


def down(y: float) -> float:
    return MARGIN + (1 - y) * SIDE
