"""All rules over a tenant of a million users, what other thresholds would give, and what departments cost.

Each runs in a process of its own, so that its CPU and memory are its own: first without the facts of the
version, then what-ifs that find them and today's results there, as a page asks for them.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.big_inventory import big_inventory
from benchmarks.measure import measure

_PRICES = """
from decimal import Decimal
from seatbeacon.optimization import Inputs, Price, PriceBook, Settings, recommend, what_if
from seatbeacon.inventory.catalog.update import load_catalog
MONTHLY = {"SPE_E5": 57, "ENTERPRISEPACK": 23, "VISIOCLIENT": 15, "Microsoft_365_Copilot": 30, "SPE_E3": 39,
           "STANDARDPACK": 10, "SPE_F1": 8, "EMS": 11, "POWER_BI_PRO": 14, "EXCHANGESTANDARD": 4}
ids = {each.part_number: each.sku_id for each in load_catalog(None).values()}
book = PriceBook("USD", tuple(Price(ids[part], Decimal(amount), "USD") for part, amount in MONTHLY.items()))
"""
_RECOMMEND = """
import sys
from pathlib import Path
outcome = recommend(Path(sys.argv[1]), Path(sys.argv[2]), Inputs(prices=book))
assert outcome.totals.yearly_saving > 0
"""
_WHAT_IF = """
import json, sys, time
from pathlib import Path
file, folder, known = Path(sys.argv[1]), Path(sys.argv[2]), Inputs(prices=book)
today = recommend(file, folder, known)  # it is there
MOVES = [{"inactive": {"days": 30}}, {"inactive": {"days": 150}}, {"never-used": {"days": 30}},
         {"downgrade": {"days": 60}}, {"downgrade": {"days": 30, "held": 0}}, {"unassigned": {"reserve": 30}},
         {"copilot-candidate": {"apps": 3}}, {"inactive": {"days": 30}, "downgrade": {"days": 30}}]
taken = []
for move in MOVES:
    inputs = Inputs(prices=book, settings=Settings(thresholds=move))
    began, used = time.perf_counter(), time.process_time()
    outcome = what_if(file, folder, inputs, (known, today))
    said = "; ".join(f"{rule} {name} {value}" for rule, each in move.items() for name, value in each.items())
    taken.append((time.perf_counter() - began, time.process_time() - used, said))
print(json.dumps([taken, today.totals.recommendations]))
"""
_CHARGEBACK = """
import json, sys, time
from pathlib import Path
from seatbeacon.optimization import chargeback
taken = []
for by in ("department", "country", "company_name", "manager_id"):
    for spread in ("seats", "users"):
        began, used = time.perf_counter(), time.process_time()
        costs = chargeback(Path(sys.argv[1]), Inputs(prices=book), by=by, spread=spread)
        taken.append((time.perf_counter() - began, time.process_time() - used, by, len(costs.parts)))
print(json.dumps(taken))
"""


def run() -> None:
    """Print what each took."""
    with tempfile.TemporaryDirectory() as text:
        version = big_inventory()
        asked = [sys.executable, "-c", _PRICES + _RECOMMEND, str(version), text]
        print(f"  all rules, facts not there yet:  {measure(asked)}   (to beat: 30 s CPU)")
        results = next(Path(text).glob("*.results-*"))
        print(f"  the results file:                {results.stat().st_size / (1 << 20):.0f} MiB")
        results.unlink()
        print(f"  all rules, facts there:          {measure(asked)}")
        print("  what-if, from today's results (to beat: 2 s wall):")
        answer = subprocess.run(
            [sys.executable, "-c", _PRICES + _WHAT_IF, str(version), text], check=True, capture_output=True
        )
        taken, found = json.loads(answer.stdout)
        for wall, cpu, said in taken:
            print(f"    {said:38} {wall:.2f} s wall, {cpu:.2f} s CPU")
        print(f"  recommendations found:           {found:,}")
        answer = subprocess.run(
            [sys.executable, "-c", _PRICES + _CHARGEBACK, str(version)], check=True, capture_output=True
        )
        for wall, cpu, by, parts in json.loads(answer.stdout):
            print(f"  chargeback by {by:15} {parts:8,} parts:  {wall:.2f} s wall, {cpu:.2f} s CPU")
