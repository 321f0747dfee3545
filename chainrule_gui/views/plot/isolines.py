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
    x, y = np.meshgrid(xs, ys, indexing="ij")
    points = np.stack([x, y, values - level], axis=-1)
    a, b, c, d = points[:-1, :-1], points[1:, :-1], points[1:, 1:], points[:-1, 1:]
    triangles = np.concatenate([np.stack(corners, axis=2).reshape(-1, 3, 3) for corners in ((a, b, c), (a, c, d))])
    above = triangles[:, :, 2] > 0
    crossed = (above.any(axis=1) & ~above.all(axis=1)) & np.isfinite(triangles[:, :, 2]).all(axis=1)
    triangles, above = triangles[crossed], above[crossed]
    # One corner lies on the other side than the two others.
    alone = np.where(above.sum(axis=1) == 1, above.argmax(axis=1), (~above).argmax(axis=1))
    rows = np.arange(len(triangles))
    lone = triangles[rows, alone]
    ends = []
    for turn in (1, 2):
        other = triangles[rows, (alone + turn) % 3]
        share = lone[:, 2] / (lone[:, 2] - other[:, 2])
        ends.append(lone[:, :2] + share[:, None] * (other[:, :2] - lone[:, :2]))
    return np.stack(ends, axis=1).reshape(-1, 2)
