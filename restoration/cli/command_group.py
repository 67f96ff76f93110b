"""The help of `latent-darkroom`: commands under headings, as git lists them."""

from collections.abc import Sequence

import click


class CommandGroup(click.Group):
    """A group whose help lists the commands under headings.

    Parameters
    ----------
    *args, **settings
        Of `click.Group`.
    """

    def __init__(self, *args, **settings):
        super().__init__(*args, **settings)
        self.sections: dict[str, list[str]] = {}

    def add_section(self, heading: str, commands: Sequence[click.Command]) -> None:
        """Add commands under a heading."""
        for command in commands:
            self.add_command(command)
            self.sections.setdefault(heading, []).append(str(command.name))

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, each with the first line of its help."""
        names = [name for section in self.sections.values() for name in section]
        width = max(map(len, names))
        for heading, section in self.sections.items():
            with formatter.section(heading):
                commands = [(name, self.commands[name]) for name in section]
                formatter.write_dl([(f"{name:{width}}", command.get_short_help_str(80)) for name, command in commands])

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command; where there is none, name the nearest."""
        from restoration.pipeline.settings import nearest

        if args and args[0] not in self.commands and not args[0].startswith("-"):
            context.fail(f"There is no command {args[0]!r}; {nearest(args[0], self.commands)}")
        return super().resolve_command(context, args)
