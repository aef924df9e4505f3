"""The bot: doors, the order of effects, carriers and people; the only async package."""
