"""Every setting, declared once and read from the environment."""

from seatbeacon.beacon.settings.declared import Settings
from seatbeacon.beacon.settings.loading import SettingValue, describe_settings, load_settings

__all__ = ["SettingValue", "Settings", "describe_settings", "load_settings"]
