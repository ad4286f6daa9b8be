"""From an inventory to what can be saved, and why we think so: prices and rules in, recommendations out.

Nothing here knows of Django, and nothing here writes to an inventory. `recommend` judges a version and writes
a results file; `what_if` answers totals for other thresholds; `query.run(file, RECOMMENDATIONS)` lists.
"""

from __future__ import annotations

from seatbeacon.optimization.costs import UNASSIGNED, Chargeback, PartCost, ProductCost, chargeback
from seatbeacon.optimization.decided import Stand, decided_file, held, with_decided, with_decisions
from seatbeacon.optimization.errors import BadPrice, BadProducts, BadRule, BadThreshold, OptimizationError
from seatbeacon.optimization.families import Families, Family, load_families
from seatbeacon.optimization.inputs import Exemption, Inputs, Leave, Settings
from seatbeacon.optimization.listing import DECISIONS, RECOMMENDATIONS
from seatbeacon.optimization.moved import what_if
from seatbeacon.optimization.outcome import Outcome, RuleStatus, RuleTotal, Totals
from seatbeacon.optimization.prices import Price, PriceBook, SeatPrice
from seatbeacon.optimization.results import read_outcome, recommend, results_name, rule_sentences
from seatbeacon.optimization.rulebook import RuleBook, RuleFault, load_rules, read_rules
from seatbeacon.optimization.ruleset import GENERAL, Rule, SetRule, Threshold, apply_settings, check_threshold
from seatbeacon.optimization.savings import SAVING, Cut, Key, present, savings_by

__all__ = [
    "DECISIONS",
    "GENERAL",
    "RECOMMENDATIONS",
    "SAVING",
    "UNASSIGNED",
    "BadPrice",
    "BadProducts",
    "BadRule",
    "BadThreshold",
    "Chargeback",
    "Cut",
    "Exemption",
    "Families",
    "Family",
    "Inputs",
    "Key",
    "Leave",
    "OptimizationError",
    "Outcome",
    "PartCost",
    "Price",
    "PriceBook",
    "ProductCost",
    "Rule",
    "RuleBook",
    "RuleFault",
    "RuleStatus",
    "RuleTotal",
    "SeatPrice",
    "SetRule",
    "Settings",
    "Stand",
    "Threshold",
    "Totals",
    "apply_settings",
    "chargeback",
    "check_threshold",
    "decided_file",
    "held",
    "load_families",
    "load_rules",
    "present",
    "read_outcome",
    "read_rules",
    "recommend",
    "results_name",
    "rule_sentences",
    "savings_by",
    "what_if",
    "with_decided",
    "with_decisions",
]
