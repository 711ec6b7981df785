"""The worked examples, generators, preparation and batches."""

import subprocess
import sys

import numpy as np
import pytest

from gdtutor import data
from gdtutor.data import Data, batch_indices, batches, polynomial_features, split, standardise

GENERATORS = [
    data.noisy_line,
    data.line_with_outlier,
    data.polynomial_curve,
    data.blobs,
    data.separable_points,
    data.xor,
    data.two_moons,
    data.spiral,
]
LABELLED = GENERATORS[3:]


def name(function):
    return function.__name__


@pytest.mark.parametrize("make", GENERATORS, ids=name)
def test_generators_are_functions_of_their_seed(make):
    one, two, other = make(seed=3), make(seed=3), make(seed=4)
    np.testing.assert_array_equal(one.X, two.X)
    np.testing.assert_array_equal(one.y, two.y)
    assert (one.X != other.X).any() or (one.y != other.y).any()
    assert one.X.shape == (len(one.y), len(one.features))
    assert one.X.dtype == one.y.dtype == float
    assert np.isfinite(one.X).all()
    assert len(make(n=17)) == 17


@pytest.mark.parametrize("make", LABELLED, ids=name)
def test_labels_are_balanced_and_can_be_chosen(make):
    zero_one, plus_minus = make(labels=(0, 1)), make(labels=(-1, 1))
    np.testing.assert_array_equal(zero_one.X, plus_minus.X)
    np.testing.assert_array_equal(2 * zero_one.y - 1, plus_minus.y)
    assert zero_one.y.mean() == 0.5


def test_what_the_generators_promise():
    X, y = data.separable_points(margin=0.7, n=400)
    assert 0.7 <= (y * X.sum(1) / np.sqrt(2)).min() < 0.75
    X, y = data.xor(noise=0)
    np.testing.assert_array_equal(X[:, 0] * X[:, 1] < 0, y == 1)
    X, y = data.spiral(noise=0)
    np.testing.assert_array_equal(abs(X) <= 1, True)
    X, y = data.two_moons(noise=0)
    centre = np.where(y[:, None] == 0, [-0.5, -0.25], [0.5, 0.25])
    np.testing.assert_allclose(np.hypot(*(X - centre).T), 1, rtol=1e-12)
    X, y = data.blobs(n=4000, distance=3)
    gap = X[y == 1].mean(0) - X[y == 0].mean(0)
    np.testing.assert_allclose(gap, [3, 0], atol=0.1)


def test_two_moons_are_not_separable_by_a_line_and_do_not_touch():
    X, y = data.two_moons(noise=0, n=400)
    distance = np.linalg.norm(X[y == 0][:, None] - X[y == 1], axis=-1)
    assert distance.min() > 0.2
    A = np.column_stack([X, np.ones(400)])
    sides = A @ np.linalg.lstsq(A, 2 * y - 1)[0]
    assert 0.75 < np.mean((sides > 0) == y) < 0.95


def test_worked_examples():
    assert data.twin_columns().X.tolist() == [[1, 1], [2, 2], [3, 3]]
    X, y = data.five_points()
    assert np.polyfit(X[:, 0], y, 1) == pytest.approx([0.6, 2.2])
    X, y = data.noisy_line()
    rng = np.random.default_rng(42)
    np.testing.assert_array_equal(X[:, 0], rng.standard_normal(100))
    np.testing.assert_array_equal(y, 3 * X[:, 0] + 2 + 0.2 * rng.standard_normal(100))


def test_ratings():
    R = data.ratings_matrix()
    np.testing.assert_array_equal(R, data.ratings_matrix())
    seen = R[~np.isnan(R)]
    assert seen.min() >= 1
    assert seen.max() <= 5
    assert seen.std() > 0.5
    assert len(seen) / R.size == pytest.approx(0.4, abs=0.05)
    train, test = data.hide_ratings(R, share=0.25)
    np.testing.assert_array_equal(np.where(np.isnan(train), test, train), R)
    assert np.isfinite(test).sum() / len(seen) == pytest.approx(0.25, abs=0.07)


@pytest.mark.parametrize(
    ("load", "shape", "labels"),
    [
        (data.diabetes, (442, 10), None),
        (data.breast_cancer, (569, 30), [0, 1]),
        (data.digits, (1797, 64), list(range(10))),
        (data.classification_2000, (2000, 20), [0, 1]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_scikit_learns_sets(load, shape, labels):
    pytest.importorskip("sklearn")
    loaded = load()
    assert loaded.X.shape == shape
    assert len(loaded.features) == shape[1]
    assert all(type(feature) is str for feature in loaded.features)
    assert labels is None or np.unique(loaded.y).tolist() == labels


def test_the_patients_are_those_of_scikit_learn():
    load_diabetes = pytest.importorskip("sklearn.datasets").load_diabetes
    theirs, ours = load_diabetes(scaled=False), data.diabetes()
    np.testing.assert_array_equal(ours.X, theirs.data)
    np.testing.assert_array_equal(ours.y, theirs.target)
    assert list(ours.features) == theirs.feature_names


def test_the_patients_come_without_a_slow_import():
    code = (
        "import sys; from gdtutor.data import diabetes; diabetes(); print('sklearn' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


def test_importing_is_cheap():
    code = (
        "import sys, gdtutor.data, gdtutor.models, gdtutor.losses; "
        "print([m for m in ('sklearn', 'matplotlib', 'scipy', 'ipywidgets') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


# --------------------------------------------------------------------- preparation


def test_data_comes_apart_and_has_names():
    X, y = both = Data(np.zeros((3, 2)), np.arange(3.0))
    assert X.shape == (3, 2)
    assert y.tolist() == [0, 1, 2]
    assert both.features == ("x1", "x2")
    assert both.rows([2, 0]).y.tolist() == [2, 0]
    assert "2000 rows" in repr(Data(np.zeros((2000, 9)), np.zeros(2000)))


def test_standardise():
    X = np.random.default_rng(0).normal(5, [1, 100, 1e-6], (50, 3))
    Z = standardise(X)
    np.testing.assert_allclose(Z.mean(0), 0, atol=1e-8)
    np.testing.assert_allclose(Z.std(0), 1)
    np.testing.assert_allclose(standardise(X[:5], by=X), Z[:5])
    constant = np.full((7, 1), 0.1)  # whose mean is not exactly 0.1
    assert not standardise(constant).any()
    assert standardise([[0.4]], by=constant).item() == pytest.approx(0.3)


def test_split():
    whole = Data(np.arange(20.0)[:, None], np.arange(20.0), ("age",), "size")
    train, test = split(whole, test=0.25, seed=1)
    assert (len(train), len(test)) == (15, 5)
    assert sorted([*train.y, *test.y]) == list(range(20))
    np.testing.assert_array_equal(train.X[:, 0], train.y)
    assert test.features == ("age",)
    assert split(whole, seed=1)[1].y.tolist() != split(whole, seed=2)[1].y.tolist()
    assert split(whole, seed=1)[1].y.tolist() == split(whole, seed=1)[1].y.tolist()


def test_polynomial_features():
    x = np.array([-1.0, 0.5, 2.0])
    np.testing.assert_array_equal(polynomial_features(x, 2), np.stack([x, x**2], axis=1))
    np.testing.assert_array_equal(polynomial_features(x[:, None], 3)[:, 2], x**3)


# ------------------------------------------------------------------------- batches


@pytest.mark.parametrize("batch_size", [1, 3, 7, 10, 99])
def test_each_example_once(batch_size):
    seen = list(batches(10, batch_size, seed=4))
    assert sorted(np.concatenate(seen)) == list(range(10))
    assert {len(batch) for batch in seen[:-1]} <= {batch_size}
    assert 0 < len(seen[-1]) <= batch_size


def test_batches_are_those_of_the_steps():
    for replace in (False, True):
        for epoch in (0, 3):
            seen = list(batches(10, 4, seed=2, replace=replace, epoch=epoch))
            steps = range(3 * epoch + 1, 3 * epoch + 4)
            expected = [batch_indices(10, 4, t, seed=2, replace=replace) for t in steps]
            assert [list(batch) for batch in seen] == [list(batch) for batch in expected]


def test_batches_of_arrays():
    X, y = np.arange(20.0).reshape(10, 2), np.arange(0, 20.0, 2)
    for rows, targets in batches((X, y), 3):
        np.testing.assert_array_equal(rows[:, 0], targets)
    assert sorted(np.concatenate(list(batches(y, 3)))) == y.tolist()
    assert [part.shape for part, _ in batches(Data(X, y), 6)] == [(6, 2), (4, 2)]


def test_the_shuffle_is_cached_invisibly():
    first = batch_indices(10, 4, 1)
    with pytest.raises(ValueError, match="read-only"):
        first[0] = 99
    orders = {tuple(np.concatenate(list(batches(10, 4, epoch=e)))) for e in range(20)}
    assert len(orders) == 20
    assert batch_indices(10, 4, 1).tolist() == first.tolist()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: batches(10, 0), "batch_size=0"),
        (lambda: batches(10, 2.5), "batch_size=2.5"),
        (lambda: batch_indices(10, 2, t=0), "t=0"),
        (lambda: batches((np.zeros(3), np.zeros(4)), 2), "3, 4 rows"),
        (lambda: split(data.five_points(), test=1.0), "leaves rows on both sides"),
        (lambda: split(data.five_points(), test=0.01), "leaves rows on both sides"),
        (lambda: polynomial_features(np.zeros((3, 2)), 2), "one feature"),
        (lambda: polynomial_features(np.zeros(3), 0), "degree=0"),
    ],
)
def test_value_errors(call, words):
    with pytest.raises(ValueError) as error:
        call()
    assert words in str(error.value)
