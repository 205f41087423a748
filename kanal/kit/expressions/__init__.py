"""The formula language (CF-5): parsed to a small tree and evaluated over given values. No code is ever executed."""

from kanal.kit.expressions.evaluation import evaluate
from kanal.kit.expressions.functions import FUNCTIONS, Function
from kanal.kit.expressions.parsing import Expression, parse

__all__ = ["FUNCTIONS", "Expression", "Function", "evaluate", "parse"]
