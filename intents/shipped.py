"""Where the model lies that ships with the product. Imports nothing heavy: the desk asks it too."""

from pathlib import Path
from typing import Final

SHIPPED: Final = Path(__file__).parent / "model"
CARD: Final = "card.json"
"""In a model's folder: its version, corpus, thresholds and figures."""
