"""Where reports gather: default locations, ranking, significance and the map."""

from insight.hotspots.find import Hotspots, hotspots
from insight.hotspots.method import HotspotMethod
from insight.hotspots.points import fallback_points

__all__ = ["HotspotMethod", "Hotspots", "fallback_points", "hotspots"]
