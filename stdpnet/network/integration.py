r"""Integration: exponential Euler, also where a variable's own value decides by what equation it moves.

Of :math:`\dot{x} = a x + b`, where :math:`a` and :math:`b` may depend on all else, a step makes

.. math::

    x \\leftarrow \\left(x + \\frac{b}{a}\\right) e^{a \\, dt} - \\frac{b}{a}

(Brian2's ``exponential_euler``). A condition on :math:`x` itself, ``int(x > 0)``, is held over the step.
"""

import ast
import re
from typing import Any

from brian2 import Equations, exponential_euler
from brian2.equations.codestrings import Expression
from brian2.equations.equations import DIFFERENTIAL_EQUATION, SingleEquation
from brian2.stateupdaters.base import UnsupportedEquationsException


class _Conditions(ast.NodeTransformer):
    """Puts a name in place of each ``int(...)`` that depends on a variable."""

    def __init__(self, variable: str, found: list[str]) -> None:
        self.variable, self.found = variable, found

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Take a condition out."""
        names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
        if not {"int", self.variable} <= names or getattr(node.func, "id", "") != "int":
            return node
        self.found.append(ast.unparse(node))
        return ast.Name(f"_condition_{len(self.found) - 1}")


def step(equations: Equations, variables: Any = None, method_options: Any = None) -> str:
    """Return the statements of a time step, for Brian2's ``method``; Runge-Kutta's are for the caller to choose.

    Parameters
    ----------
    equations : brian2.Equations
    variables : mapping, optional
    method_options : mapping, optional
        None are taken.

    Returns
    -------
    str

    Raises
    ------
    UnsupportedEquationsException
        When an equation is not linear in its own variable, conditions on it aside.

    Examples
    --------
    >>> print(step(Equations("dleft/dt = -int(left > 0) : second")))
    _left = -int(left > 0)*dt + left
    left = _left
    """
    found: list[str] = []
    held = []
    for equation in equations.values():
        code = equation.expr and equation.expr.code
        if equation.type == DIFFERENTIAL_EQUATION:
            tree = _Conditions(equation.varname, found).visit(ast.parse(code, mode="eval"))
            code = ast.unparse(tree)
        held.append(
            SingleEquation(
                equation.type,
                equation.varname,
                equation.dim,
                equation.var_type,
                Expression(code) if code else None,
                equation.flags,
            )
        )
    text = exponential_euler(Equations(held), variables, method_options)
    return re.sub(r"_condition_(\d+)", lambda match: found[int(match[1])], text)


__all__ = ["UnsupportedEquationsException", "step"]
