"""`python -m bot` is `privacy-intake`."""

from bot.cli import main

main()
