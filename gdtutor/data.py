"""Data sets, their preparation, and batches.

1. The course's worked examples, by name: `twin_columns()`, `five_points()`, `noisy_line()`, ...
2. Seeded generators, small enough to draw: moons, spiral, xor, a line with an outlier, ratings, ...
3. scikit-learn's bundled tables, loaded when asked for: `diabetes()`, `breast_cancer()`, ...
4. Preparation (`standardise`, `split`, `polynomial_features`) and `batches`.

A data set is a `Data`: `X, y = five_points()` takes it apart, so `linear(*five_points())` works.
"""

import functools
import importlib.util
import pathlib
from dataclasses import dataclass

import numpy as np

__all__ = [
    "Data",
    "batch_indices",
    "batches",
    "batches_in",
    "blobs",
    "breast_cancer",
    "classification_2000",
    "diabetes",
    "digits",
    "five_points",
    "hide_ratings",
    "line_with_outlier",
    "noisy_line",
    "polynomial_curve",
    "polynomial_features",
    "ratings_matrix",
    "separable_points",
    "spiral",
    "split",
    "standardise",
    "twin_columns",
    "two_moons",
    "xor",
]


@dataclass(frozen=True, eq=False)
class Data:
    """A table X (n, d) with what belongs to each row, y (n,), and the names of both.

    Examples
    --------
    >>> data = Data(np.array([[1.0], [2.0]]), np.array([3.0, 4.0]), ("age",), target="size")
    >>> X, y = data
    >>> data
    Data: 2 rows, age -> size
    """

    X: np.ndarray
    y: np.ndarray
    features: tuple = ()
    target: str = "y"

    def __post_init__(self):
        if not self.features:
            names = tuple(f"x{j}" for j in range(1, self.X.shape[1] + 1))
            object.__setattr__(self, "features", names)

    def __iter__(self):
        return iter((self.X, self.y))

    def __len__(self):
        return len(self.y)

    def rows(self, indices):
        """Return these rows only."""
        return Data(self.X[indices], self.y[indices], self.features, self.target)

    def __repr__(self):
        shown = ", ".join(self.features[:4]) + (", ..." if len(self.features) > 4 else "")
        return f"Data: {len(self)} rows, {shown} -> {self.target}"


# ----------------------------------------------------------------- worked examples


def twin_columns():
    """Two equal columns: X = [[1, 1], [2, 2], [3, 3]], y = [1, 2, 3]. Made for no intercept.

    Every w₁ + w₂ = 1 fits perfectly. From zero, gradient descent keeps the two weights equal and
    finds [½, ½], the shortest solution.

    Examples
    --------
    >>> X, y = twin_columns()
    >>> X.tolist(), y.tolist()
    ([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]], [1.0, 2.0, 3.0])
    """
    return Data(np.array([[1.0, 1], [2, 2], [3, 3]]), np.array([1.0, 2, 3]))


def five_points():
    """Five points for a straight line: x = 1 … 5, y = 2, 4, 5, 4, 5. Least squares: 0.6x + 2.2.

    Examples
    --------
    >>> five_points().y.tolist()
    [2.0, 4.0, 5.0, 4.0, 5.0]
    """
    return Data(np.arange(1.0, 6)[:, None], np.array([2.0, 4, 5, 4, 5]), ("x",))


def noisy_line(seed=42, n=100, noise=0.2):
    """Points around y = 3x + 2 with normal x and normal noise.

    Examples
    --------
    >>> X, y = noisy_line()
    >>> np.polyfit(X[:, 0], y, 1).round(2).tolist()
    [3.02, 2.0]
    """
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(n)
    return Data(x[:, None], 3 * x + 2 + noise * rng.standard_normal(n), ("x",))


def classification_2000(seed=42):
    """Two classes among 2000 points of 20 features, 8 of them informative, from scikit-learn.

    Each class is a union of clusters, which no plane separates well. The numbers depend on
    scikit-learn's version.

    Examples
    --------
    >>> X, y = classification_2000()
    >>> X.shape, sorted(set(y.tolist()))
    ((2000, 20), [0.0, 1.0])
    """
    from sklearn.datasets import make_classification

    X, y = make_classification(n_samples=2000, n_features=20, n_informative=8, random_state=seed)
    return Data(X, y.astype(float), target="class")


# ---------------------------------------------------------------- seeded generators


def line_with_outlier(outlier=10.0, seed=0, n=20, noise=0.3):
    """Points around y = x + 1 for x in [0, 4]; the last one is lifted by `outlier`.

    Examples
    --------
    >>> gap = line_with_outlier(outlier=7).y - line_with_outlier(outlier=0).y
    >>> gap[-3:].round(9).tolist()
    [0.0, 0.0, 7.0]
    """
    x = np.linspace(0, 4, n)
    y = x + 1 + noise * np.random.default_rng(seed).standard_normal(n)
    y[-1] += outlier
    return Data(x[:, None], y, ("x",))


def polynomial_curve(seed=0, n=20, noise=0.2):
    """Noisy points of the cubic y = 2x³ − x for x in [−1, 1]: small enough to be overfitted.

    Examples
    --------
    >>> polynomial_curve().X.shape
    (20, 1)
    """
    rng = np.random.default_rng(seed)
    x = np.sort(rng.uniform(-1, 1, n))
    return Data(x[:, None], 2 * x**3 - x + noise * rng.standard_normal(n), ("x",))


def blobs(seed=0, n=100, distance=2.0, labels=(0, 1)):
    """Two round clouds of variance 1, their centres `distance` apart; they overlap.

    Examples
    --------
    >>> blobs(labels=(-1, 1)).y[:4].tolist()
    [-1.0, 1.0, -1.0, 1.0]
    """
    side, y = _two_classes(n, labels)
    X = np.random.default_rng(seed).standard_normal((n, 2))
    X[:, 0] += side * distance / 2
    return Data(X, y, target="class")


def separable_points(seed=0, n=40, margin=0.5, labels=(-1, 1)):
    """Two classes with an empty road of half-width `margin` around the line x₁ + x₂ = 0.

    Examples
    --------
    >>> X, y = separable_points()
    >>> bool((y * (X[:, 0] + X[:, 1]) / np.sqrt(2)).min() >= 0.5)
    True
    """
    side, y = _two_classes(n, labels)
    rng = np.random.default_rng(seed)
    across = side * (margin + rng.uniform(0, 2, n))
    along = rng.uniform(-2, 2, n)
    X = np.stack([across + along, across - along], axis=1) / np.sqrt(2)
    return Data(X, y, target="class")


def xor(seed=0, n=100, noise=0.2, labels=(0, 1)):
    """Four clouds at (±1, ±1); the class says whether the signs differ. No line separates them.

    Examples
    --------
    >>> X, y = xor(n=4, noise=0)
    >>> X.tolist(), y.tolist()
    ([[-1.0, -1.0], [-1.0, 1.0], [1.0, 1.0], [1.0, -1.0]], [0.0, 1.0, 0.0, 1.0])
    """
    side, y = _two_classes(n, labels)
    first = np.where(np.arange(n) % 4 < 2, -1.0, 1.0)
    X = np.stack([first, -side * first], axis=1)
    return Data(X + noise * np.random.default_rng(seed).standard_normal((n, 2)), y, target="class")


def two_moons(seed=0, n=200, noise=0.1, labels=(0, 1)):
    """Two half circles that reach into each other.

    Examples
    --------
    >>> two_moons().X.shape
    (200, 2)
    """
    side, y = _two_classes(n, labels)
    rng = np.random.default_rng(seed)
    angle = rng.uniform(0, np.pi, n)
    X = np.stack([0.5 * side - side * np.cos(angle), 0.25 * side - side * np.sin(angle)], axis=1)
    return Data(X + noise * rng.standard_normal((n, 2)), y, target="class")


def spiral(seed=0, n=200, turns=1.5, noise=0.02, labels=(0, 1)):
    """Two arms of a spiral, one for each class, within the unit circle.

    Examples
    --------
    >>> spiral().y.mean().item()
    0.5
    """
    side, y = _two_classes(n, labels)
    rng = np.random.default_rng(seed)
    radius = np.sqrt(rng.uniform(0.01, 1, n))
    angle = 2 * np.pi * turns * radius
    X = (side * radius)[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return Data(X + noise * rng.standard_normal((n, 2)), y, target="class")


def ratings_matrix(seed=0, users=30, items=20, rank=2, share=0.4, noise=0.2):
    """Ratings 1 … 5 of items by users, made from hidden taste vectors; nan where none was given.

    Parameters
    ----------
    seed, users, items, rank : int
        Seed, shape, and length of the hidden vectors.
    share : float
        Of the entries that are observed.
    noise : float
        Standard deviation around what the vectors say.

    Returns
    -------
    numpy.ndarray, shape (users, items)

    Examples
    --------
    >>> R = ratings_matrix()
    >>> R.shape, round(1 - np.isnan(R).mean().item(), 1), np.nanmin(R).item() >= 1
    ((30, 20), 0.4, True)
    """
    rng = np.random.default_rng(seed)
    taste, character = rng.standard_normal((users, rank)), rng.standard_normal((items, rank))
    liked = 0.5 * rng.standard_normal(users)[:, None] + 0.5 * rng.standard_normal(items)
    R = 3 + liked + taste @ character.T / np.sqrt(rank)
    R = np.clip(R + noise * rng.standard_normal(R.shape), 1, 5)
    return np.where(rng.random(R.shape) < share, R, np.nan)


def hide_ratings(ratings, share=0.2, seed=0):
    """Split ratings into (train, test): each observed entry is in one of them, nan in the other.

    Examples
    --------
    >>> train, test = hide_ratings(ratings_matrix())
    >>> bool((np.isnan(train) | np.isnan(test)).all())
    True
    """
    hidden = np.random.default_rng(seed).random(np.shape(ratings)) < share
    return np.where(hidden, np.nan, ratings), np.where(hidden, ratings, np.nan)


def _two_classes(n, labels):
    """Return alternating sides −1, 1, −1, ... and the labels that belong to them."""
    side = np.where(np.arange(n) % 2 == 0, -1.0, 1.0)
    return side, np.where(side < 0, *map(float, labels))


# -------------------------------------------------------- scikit-learn's bundled sets


def diabetes():
    """442 patients, 10 features in their own units; y is the progression after a year.

    Source: Efron et al. 2004, as in scikit-learn.

    Examples
    --------
    >>> diabetes()
    Data: 442 rows, age, sex, bmi, bp, ... -> progression
    """
    # Read from scikit-learn's files and not by its loader: live figures open with these data, and to
    # import the loader takes longer than to open the figure.
    spec = importlib.util.find_spec("sklearn")
    if spec is None:
        raise ImportError("the diabetes data come with scikit-learn: pip install scikit-learn")
    folder = pathlib.Path(spec.origin).parent / "datasets" / "data"
    X, y = (np.loadtxt(folder / f"diabetes_{n}.csv.gz") for n in ("data_raw", "target"))
    return Data(X, y, ("age", "sex", "bmi", "bp", *(f"s{i}" for i in range(1, 7))), "progression")


def breast_cancer():
    """569 tumours, 30 features in very different units; y = 1 benign, 0 malignant.

    Source: Wolberg, Street & Mangasarian 1995, as in scikit-learn.

    Examples
    --------
    >>> breast_cancer().X.shape
    (569, 30)
    """
    from sklearn.datasets import load_breast_cancer

    bunch = load_breast_cancer()
    features = tuple(map(str, bunch.feature_names))
    return Data(bunch.data, bunch.target.astype(float), features, "benign")


def digits():
    """1797 handwritten digits, 8 × 8 grey values from 0 to 16; y is the digit, 0 to 9.

    Source: Alpaydin & Kaynak 1998, as in scikit-learn.

    Examples
    --------
    >>> digits().X.shape, digits().y[:5].tolist()
    ((1797, 64), [0, 1, 2, 3, 4])
    """
    from sklearn.datasets import load_digits

    bunch = load_digits()
    return Data(bunch.data, bunch.target, tuple(bunch.feature_names), "digit")


# -------------------------------------------------------------------- preparation


def standardise(X, by=None):
    """Return X with each column at mean 0 and standard deviation 1: (X − mean) / std.

    Parameters
    ----------
    X : array_like, shape (n, d)
        What to scale.
    by : array_like, shape (m, d), optional
        Where mean and deviation are taken from, by default X itself. Test data are scaled by the
        *training* data: `standardise(X_test, by=X_train)`.

    Returns
    -------
    numpy.ndarray, shape (n, d)
        A column that is constant in `by` is only shifted: it has no scale.

    Examples
    --------
    >>> standardise([[1.0, 7.0], [3.0, 7.0]]).tolist()
    [[-1.0, 0.0], [1.0, 0.0]]
    >>> standardise([[5.0]], by=[[1.0], [3.0]]).tolist()
    [[3.0]]
    """
    by = np.asarray(X if by is None else by, dtype=float)
    constant = np.ptp(by, axis=0) == 0  # exactly so: std may come out as a rounding error
    centre = np.where(constant, by[0], by.mean(axis=0))
    return (np.asarray(X) - centre) / np.where(constant, 1.0, by.std(axis=0))


def split(data, test=0.2, seed=0):
    """Return (train, test): every row in one of them, at random.

    Parameters
    ----------
    data : Data
        What to split; `Data(X, y)` for arrays.
    test : float
        Share of the rows that go into the second part, above 0 and below 1.
    seed : int
        Of the shuffle.

    Returns
    -------
    train, test : Data
        For three parts, split the first one again.

    Raises
    ------
    ValueError
        If one part would be empty.

    Examples
    --------
    >>> train, test = split(noisy_line(), test=0.2)
    >>> len(train), len(test)
    (80, 20)
    """
    n = len(data)
    held_out = round(test * n)
    if not 0 < held_out < n:
        raise ValueError(
            f"test={test} of {n} rows would put {held_out} into the test set and leave "
            f"{n - held_out}; give a share between 0 and 1 that leaves rows on both sides."
        )
    order = np.random.default_rng(seed).permutation(n)
    return data.rows(order[held_out:]), data.rows(order[:held_out])


def polynomial_features(x, degree):
    """Return the columns x, x², …, x^degree. There is no column of ones: models have an intercept.

    Parameters
    ----------
    x : array_like, shape (n,) or (n, 1)
        One feature.
    degree : int
        1 or more.

    Returns
    -------
    numpy.ndarray, shape (n, degree)

    Raises
    ------
    ValueError
        If x has several columns, or the degree is not a whole number from 1.

    Examples
    --------
    >>> polynomial_features([2, 3], degree=3).tolist()
    [[2.0, 4.0, 8.0], [3.0, 9.0, 27.0]]
    """
    x = np.asarray(x, dtype=float)
    if x.ndim != 1 and x.shape[1:] != (1,):
        raise ValueError(f"polynomial_features takes one feature, (n,) or (n, 1), not {x.shape}.")
    return x.reshape(-1, 1) ** np.arange(1, _whole("degree", degree) + 1)


# ------------------------------------------------------------------------- batches


def batches_in(n, batch_size):
    """Return how many batches an epoch has: n / batch_size, rounded up.

    Examples
    --------
    >>> batches_in(1000, 32)
    32
    """
    return -(-n // _whole("batch_size", batch_size))


def batch_indices(n, batch_size, t, seed=0, replace=False):
    """Return which of n examples are in the batch of step t: a pure function of (seed, t).

    Parameters
    ----------
    n, batch_size : int
        Examples in all, and in a batch.
    t : int
        1, 2, ...; epoch e = 0, 1, ... holds the steps e·k + 1 … (e + 1)·k, with k batches in it.
    seed : int
        Of the shuffles.
    replace : bool
        Without replacement, an epoch is one shuffle cut into batches, and the last one may be
        smaller. With replacement, each batch is drawn from all n.

    Returns
    -------
    numpy.ndarray of int

    Raises
    ------
    ValueError
        If batch_size or t is not a whole number from 1.

    Examples
    --------
    >>> [batch_indices(5, 2, t).tolist() for t in (1, 2, 3)]
    [[2, 4], [3, 0], [1]]
    """
    epoch, place = divmod(_whole("t", t) - 1, batches_in(n, batch_size))
    if replace:
        return np.random.default_rng((seed, t)).integers(n, size=batch_size)
    return shuffled(n, seed, epoch)[place * batch_size : (place + 1) * batch_size]


@functools.lru_cache(maxsize=8)  # the steps of an epoch share its shuffle
def shuffled(n, seed, epoch):
    """Return the order of n examples in an epoch, a read-only permutation.

    Examples
    --------
    >>> sorted(shuffled(3, seed=0, epoch=7).tolist())
    [0, 1, 2]
    """
    order = np.random.default_rng((seed, epoch)).permutation(n)
    order.flags.writeable = False
    return order


def batches(data, batch_size, seed=0, replace=False, epoch=0):
    """Yield the batches of one epoch, the same ones that `gdtutor.models.minibatch` trains on.

    Parameters
    ----------
    data : int, array_like, or tuple of array_like
        The number of examples, to get their indices; an array, to get its rows; several arrays of
        one length, such as (X, y), to get tuples.
    batch_size : int
        Examples in each; the last batch of an epoch may be smaller.
    seed : int
        Of the shuffles.
    replace : bool
        See `batch_indices`.
    epoch : int
        0, 1, ...: each has an order of its own.

    Yields
    ------
    numpy.ndarray, or tuple of numpy.ndarray

    Raises
    ------
    ValueError
        If the arrays differ in length, or batch_size is not a whole number from 1.

    Examples
    --------
    >>> [batch.tolist() for batch in batches(5, batch_size=2)]
    [[2, 4], [3, 0], [1]]
    >>> for X, y in batches(five_points(), batch_size=3):
    ...     print(X.shape, y.tolist())
    (3, 1) [5.0, 5.0, 4.0]
    (2, 1) [2.0, 4.0]
    """
    if isinstance(data, int | np.integer):
        n, take = data, lambda indices: indices
    elif isinstance(data, tuple | Data):
        arrays = tuple(map(np.asarray, data))
        n, take = len(arrays[0]), lambda indices: tuple(array[indices] for array in arrays)
        if any(len(array) != n for array in arrays):
            raise ValueError(
                f"The arrays have {', '.join(str(len(array)) for array in arrays)} rows; a batch "
                "takes the same rows of each, so they must have the same number."
            )
    else:
        array = np.asarray(data)
        n, take = len(array), lambda indices: array[indices]
    steps = batches_in(n, batch_size)
    return (
        take(batch_indices(n, batch_size, t, seed, replace))
        for t in range(epoch * steps + 1, (epoch + 1) * steps + 1)
    )


def _whole(name, value):
    if not isinstance(value, int | np.integer) or value < 1:
        raise ValueError(f"{name}={value!r} must be a whole number, 1 or more.")
    return value
