"""What the intake hears of: a person is forgotten."""

from kanal.core import events
from kanal.entities.intake.privacy import forget_posts

events.on("person.forgotten", forget_posts)
