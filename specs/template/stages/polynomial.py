"""Polynomials: their values, and the one that fits points best."""

from math import fsum

SCALE = 20.0
"""Degrees Celsius are divided by this, so that their powers stay of like size."""


def value(coefficients: list[float], temperature: float) -> float:
    """Return the value of a polynomial at a temperature."""
    result = 0.0
    for coefficient in reversed(coefficients):
        result = result * (temperature / SCALE) + coefficient
    return result


def least_squares(temperatures: list[float], demands: list[float], degree: int) -> list[float]:
    """Return the coefficients of the polynomial with the least squared error."""
    powers = [_powers(temperature / SCALE, degree) for temperature in temperatures]
    matrix = [
        [
            *(fsum(row[i] * row[j] for row in powers) for j in range(degree + 1)),
            fsum(row[i] * demand for row, demand in zip(powers, demands, strict=True)),
        ]
        for i in range(degree + 1)
    ]
    return _solve(matrix)


def _powers(x: float, degree: int) -> list[float]:
    powers = [1.0]
    for _ in range(degree):
        powers.append(powers[-1] * x)
    return powers


def _solve(matrix: list[list[float]]) -> list[float]:
    """Solve linear equations, the last column being their right side, by elimination."""
    size = len(matrix)
    for column in range(size):
        pivot = max(range(column, size), key=lambda row: abs(matrix[row][column]))
        matrix[column], matrix[pivot] = matrix[pivot], matrix[column]
        for row in range(size):
            if row != column:
                factor = matrix[row][column] / matrix[column][column]
                pairs = zip(matrix[row], matrix[column], strict=True)
                matrix[row] = [mine - factor * other for mine, other in pairs]
    return [matrix[row][size] / matrix[row][row] for row in range(size)]
