"""`agoat doctor`: what a start proves and what else an operator wants to know, each thing by itself and with its remedy."""

from app.cli.doctor.command import doctor

__all__ = ["doctor"]
