"""What the fork server imports before it forks a reading worker: libraries and model, once for all."""

import bot.mail.parse  # noqa: F401  (loaded here so that the workers share it)
from bot.reading_room import classifier

classifier("")
