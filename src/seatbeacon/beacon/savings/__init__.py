"""Savings: the rules, judged with the prices that people typed in."""
