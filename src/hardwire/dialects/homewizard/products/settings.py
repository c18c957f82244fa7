"""The settings that products share.

Source: HomeWizard reference, section 2.5.
"""

from hardwire.dialects.homewizard.product import Setting
from hardwire.model.point import PointKind

CLOUD = Setting(name="cloud_enabled", kind=PointKind.FLAG, initial=True, in_v1=True)
# A battery is steered through the cloud, so it cannot be switched off there.
CLOUD_ALWAYS = Setting(name="cloud_enabled", kind=PointKind.FLAG, initial=True, writable=False)
LED = Setting(name="status_led_brightness_pct", kind=PointKind.NUMBER, initial=100, high=100)
API_V1 = Setting(name="api_v1_enabled", kind=PointKind.FLAG, initial=None)
