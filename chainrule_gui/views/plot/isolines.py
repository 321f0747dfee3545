"""Lines of equal value over a grid: each cell is cut into two triangles, in which the value is taken as linear."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def isolines(xs: Array, ys: Array, values: Array, level: float) -> Array:
    """Return the line where the values are `level`, as ends of segments.

    Parameters
    ----------
    xs, ys : (rows,) and (columns,)
    values : (rows, columns); no line runs beside a nan

    Returns
    -------
    (2 · segments, 2), the two ends of each segment one after the other
    """
    upper = values > level
    corners = upper[:-1, :-1], upper[1:, :-1], upper[1:, 1:], upper[:-1, 1:]
    # Few cells are crossed; what follows looks only at those.
    rows, columns = np.nonzero(np.logical_or.reduce(corners) & ~np.logical_and.reduce(corners))

    def corner(right: int, up: int) -> Array:
        at = rows + right, columns + up
        return np.column_stack([xs[at[0]], ys[at[1]], values[at] - level])

    a, b, c, d = corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1)
    triangles = np.concatenate([np.stack([a, b, c], axis=1), np.stack([a, c, d], axis=1)])
    above = triangles[:, :, 2] > 0
    crossed = (above.any(axis=1) & ~above.all(axis=1)) & np.isfinite(triangles[:, :, 2]).all(axis=1)
    triangles, above = triangles[crossed], above[crossed]
    # One corner lies on the other side than the two others.
    alone = np.where(above.sum(axis=1) == 1, above.argmax(axis=1), (~above).argmax(axis=1))
    every = np.arange(len(triangles))
    lone = triangles[every, alone]
    ends = []
    for turn in (1, 2):
        other = triangles[every, (alone + turn) % 3]
        share = lone[:, 2] / (lone[:, 2] - other[:, 2])
        ends.append(lone[:, :2] + share[:, None] * (other[:, :2] - lone[:, :2]))
    return np.stack(ends, axis=1).reshape(-1, 2)
