"""`latent-darkroom train|benchmark|completion`: for who trains, measures, or types much."""

from collections.abc import Sequence
from importlib import import_module

import click
from click.shell_completion import get_completion_class

PROGRAM = "latent-darkroom"
COMPLETE = "_LATENT_DARKROOM_COMPLETE"  # the variable by which a shell asks for completions


def develop_commands() -> list[click.Command]:
    """Return the commands that hand their arguments on to a module of their own."""
    return [
        _handed_on("train", "restoration.train.__main__", "train a network by its recipe"),
        _handed_on("benchmark", "restoration.benchmark.__main__", "measure quality and speed"),
    ]


def completion_command() -> click.Command:
    """Return the command `completion`."""
    return click.Command(
        "completion",
        params=[click.Argument(["shell"], type=click.Choice(["bash", "zsh", "fish"]))],
        callback=_print_completion,
        help="Print what makes a shell complete commands, options and files.\n\n"
        f'For bash: add `eval "$({PROGRAM} completion bash)"` to ~/.bashrc; for zsh the same in ~/.zshrc; '
        f"for fish: `{PROGRAM} completion fish > ~/.config/fish/completions/{PROGRAM}.fish`.",
        short_help="print what makes your shell complete commands and options",
    )


def _handed_on(name: str, module: str, help_line: str) -> click.Command:
    def run(arguments: Sequence[str]) -> int:
        import_module(module).main(list(arguments))
        return 0

    return click.Command(
        name,
        params=[click.Argument(["arguments"], nargs=-1, type=click.UNPROCESSED)],
        callback=run,
        context_settings={"ignore_unknown_options": True, "help_option_names": []},
        add_help_option=False,
        short_help=help_line,
    )


def _print_completion(shell: str) -> int:
    import restoration.cli.main as command_line

    completion = get_completion_class(shell)
    assert completion is not None  # click has all three
    click.echo(completion(command_line.group(), {}, PROGRAM, COMPLETE).source())
    return 0
