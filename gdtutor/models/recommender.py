"""Matrix factorisation: a taste vector for each user, a character vector for each item.

    rating of item i by user u  ≈  b + a_u + c_i + U_u · V_i

Only observed entries count. With P and Q, the tables that say by a single 1 in each row which user
and which item a rating belongs to, everything is matrix arithmetic over the ratings:

    scores = b + Pa + Qc + ((PU) ⊙ (QV)) 1        gradient in U: Pᵀ(g ⊙ QV), in a: Pᵀg
"""

import numpy as np

from ..losses import mse
from .base import Model
from .penalties import L2


class Factorisation(Model):
    """User and item vectors with biases. Made by `factorisation`."""

    name = "factorisation"

    def __init__(self, ratings, rank, loss, seed):
        self.users, self.items = ratings.shape
        self.rank = rank
        super().__init__(*observed(ratings), loss)
        self.start = self.initial(seed)

    def blocks(self):
        """U (users, rank), V (items, rank), their biases, and the number b."""
        return {
            "U": (self.users, self.rank),
            "V": (self.items, self.rank),
            "user": (self.users,),
            "item": (self.items,),
            "b": (),
        }

    def initial(self, seed):
        """Return small random vectors, biases 0, b the mean rating. All 0 would be a saddle."""
        rng = np.random.default_rng(seed)
        start = self.unpack(np.zeros(self.dim))
        start["U"] = rng.normal(0, 0.1, (self.users, self.rank))
        start["V"] = rng.normal(0, 0.1, (self.items, self.rank))
        start["b"] = self.y.mean()
        return self.pack(**start)

    def design(self, pairs):
        """Return [P Q]: in each row a 1 for the user and a 1 for the item."""
        user, item = pairs.T
        if not (np.isin(user, range(self.users)) & np.isin(item, range(self.items))).all():
            raise ValueError(
                f"A pair (user, item) must be numbered from (0, 0) to "
                f"({self.users - 1}, {self.items - 1}); a new user or item has no vector yet."
            )
        P = user[:, None] == np.arange(self.users)
        Q = item[:, None] == np.arange(self.items)
        return np.hstack([P, Q]).astype(float)

    def forward(self, w, A):
        """Return the scores of the rated pairs, and the way back to U, V and the biases."""
        P, Q = A[:, : self.users], A[:, self.users :]
        parts = self.unpack(w)
        PU, QV = P @ parts["U"], Q @ parts["V"]  # the vectors that meet in each rating
        biases = parts["b"][..., None] + parts["user"] @ P.T + parts["item"] @ Q.T

        def pull(g):
            return self.pack(
                U=P.T @ (g[..., None] * QV),
                V=Q.T @ (g[..., None] * PU),
                user=g @ P,
                item=g @ Q,
                b=g.sum(-1),
            )

        return biases + (PU * QV).sum(-1), pull

    def matrix(self, w):
        """Return all predicted ratings, shape (..., users, items)."""
        parts = self.unpack(w)
        biases = parts["user"][..., :, None] + parts["item"][..., None, :]
        return parts["b"][..., None, None] + biases + parts["U"] @ np.swapaxes(parts["V"], -1, -2)


def observed(ratings):
    """Return the observed entries of a matrix: (pairs, values).

    Parameters
    ----------
    ratings : array_like, shape (users, items)
        nan where nothing was observed.

    Returns
    -------
    pairs : numpy.ndarray, shape (n, 2)
        User and item of each rating.
    values : numpy.ndarray, shape (n,)

    Examples
    --------
    >>> pairs, values = observed([[5.0, np.nan], [np.nan, 1.0]])
    >>> pairs.tolist(), values.tolist()
    ([[0, 0], [1, 1]], [5.0, 1.0])
    """
    ratings = np.asarray(ratings, dtype=float)
    known = ~np.isnan(ratings)
    return np.argwhere(known), ratings[known]


def factorisation(ratings, rank, strength=0, loss=mse, seed=0):
    """Matrix factorisation of the observed ratings: mean loss + strength · ‖all but b‖².

    Not convex: U = V = 0 is a saddle, and (U, V) may be rotated together without any change.

    Source: Koren, Bell & Volinsky 2009 (equation 5: biases are penalised, the mean is not).

    Parameters
    ----------
    ratings : array_like, shape (users, items)
        nan where nothing was observed. Meant for tables of up to a few thousand ratings.
    rank : int
        Length of the vectors.
    strength : float
        Of the penalty.
    loss : Loss
        For numbers.
    seed : int
        Of the start.

    Returns
    -------
    Factorisation
        Parameters U, V, user, item, b. Examples are the ratings, X their pairs (user, item), so
        `f.predict(w, [[0, 3]])` is what user 0 would give item 3, and
        `f.on(*observed(held_out))` the objective on other ratings.

    Raises
    ------
    ValueError
        If there is no matrix, no rating, or no rank.

    Examples
    --------
    >>> f = factorisation([[5.0, 4.0, np.nan], [np.nan, 4.0, 1.0]], rank=1)
    >>> w = f.start
    >>> for _ in range(500):
    ...     w = w - 0.2 * f.grad(w)
    >>> f.n, f.predict(w, [[0, 0], [1, 2]]).round(2).tolist()
    (4, [5.0, 1.0])
    """
    ratings = np.asarray(ratings, dtype=float)
    if ratings.ndim != 2:
        raise ValueError(
            f"ratings has shape {ratings.shape}, expected is a matrix (users, items) with nan "
            "where nothing was observed."
        )
    if not isinstance(rank, int | np.integer) or rank < 1:
        raise ValueError(f"rank={rank!r} is the length of the vectors: a whole number from 1.")
    return Factorisation(ratings, rank, loss, seed).penalised(L2, strength)
