"""How many people get in touch, why they have to, and how many will next month."""

from insight.demand.calendar import Event, bank_holidays
from insight.demand.calls import call_results
from insight.demand.change import BeforeAfter, before_and_after
from insight.demand.chasing import has_cue, link_contacts, look_back
from insight.demand.customers import nobody_keys
from insight.demand.digital import form_completion_results, take_up_results
from insight.demand.effort import effort_results
from insight.demand.figures import Demand, Sources, demand_figures
from insight.demand.forecast import Forecasts, daily_series, forecast_demand
from insight.demand.forecast_skill import ForecastMethod
from insight.demand.headlines import Headlines, headlines
from insight.demand.last_year import week_results, weekly_contacts
from insight.demand.links_figures import link_results
from insight.demand.method import AGAIN, CLASSES, CUES, DemandMethod
from insight.demand.sample import SampleError, check_sample, draw_sample, sample_results
from insight.demand.volume import (
    contact_account,
    contact_cells,
    contact_results,
    single_records,
)

__all__ = [
    "AGAIN",
    "CLASSES",
    "CUES",
    "BeforeAfter",
    "Demand",
    "DemandMethod",
    "Event",
    "ForecastMethod",
    "Forecasts",
    "Headlines",
    "SampleError",
    "Sources",
    "bank_holidays",
    "before_and_after",
    "call_results",
    "check_sample",
    "contact_account",
    "contact_cells",
    "contact_results",
    "daily_series",
    "demand_figures",
    "draw_sample",
    "effort_results",
    "forecast_demand",
    "form_completion_results",
    "has_cue",
    "headlines",
    "link_contacts",
    "link_results",
    "look_back",
    "nobody_keys",
    "sample_results",
    "single_records",
    "take_up_results",
    "week_results",
    "weekly_contacts",
]
