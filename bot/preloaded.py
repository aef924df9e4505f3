"""What the fork server imports before it forks a reading worker: libraries and model, once for all."""

import bot.mail.parse
from bot.reading_room import classifier

classifier("")
