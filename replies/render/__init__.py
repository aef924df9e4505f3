"""Letters: from facts to words."""

from replies.dates import uk_date
from replies.render.renderer import Rendered, Renderer, render, speaks, untranslated, version

__all__ = ["Rendered", "Renderer", "render", "speaks", "uk_date", "untranslated", "version"]
