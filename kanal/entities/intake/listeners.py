"""Signal handler of the intake: a person is anonymized."""

from kanal.core import events
from kanal.entities.intake.privacy import forget_posts

events.on("person.forgotten", forget_posts)
