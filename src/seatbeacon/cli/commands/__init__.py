"""The commands, a module each. Modules import click only; what a command needs is imported when it runs."""
