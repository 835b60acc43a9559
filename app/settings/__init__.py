"""The settings of this installation, its limits and its keys. Nothing else in the product reads the environment.

Every setting is `AGOAT_<NAME>` in the environment, or the contents of the file named by `AGOAT_<NAME>_FILE`, or `<name>` in
the TOML file named by `AGOAT_CONFIG`; the environment wins. docs/settings.md describes every name; a test compares the two.
"""

from app.settings.derivation import derive, signing_keys
from app.settings.limits import LIMITS, Limits
from app.settings.reading import WEB_KNOWS, WORKER_KNOWS, Settings, child_environment, config_file, load, program_on_path, remote_shell
from app.settings.values import Address, Origin, Secret, SettingsError

__all__ = [
    "LIMITS",
    "WEB_KNOWS",
    "WORKER_KNOWS",
    "Address",
    "Limits",
    "Origin",
    "Secret",
    "Settings",
    "SettingsError",
    "child_environment",
    "config_file",
    "derive",
    "load",
    "program_on_path",
    "remote_shell",
    "signing_keys",
]
