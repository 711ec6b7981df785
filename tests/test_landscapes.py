"""All landscapes, against calculus, against published values, and against each other.

Most tests run over `catalogue`: a new landscape is covered as soon as it is in there.
"""

import copy
import math

import numpy as np
import pytest

from gdtutor import landscapes
from gdtutor.landscapes import (
    ackley,
    banana,
    bowl,
    catalogue,
    cliff,
    double_well,
    eggholder,
    flat_vs_sharp,
    high_dim_saddle,
    himmelblau,
    landscape,
    levy,
    noisy,
    noisy_quadratic,
    parabola,
    rastrigin,
    ravine,
    rosenbrock,
    six_hump_camel,
    styblinski_tang,
)
from gdtutor.landscapes.numeric import central_difference, complex_step

PLACES = ("minima", "maxima", "saddles")
MORE = {  # configured copies that are worth the same tests
    "turned ravine": ravine(angle=30),
    "rosenbrock(a=0.5, b=5)": rosenbrock(a=0.5, b=5),
    "rastrigin(dim=1)": rastrigin(dim=1),
    "high_dim_saddle(dim=4)": high_dim_saddle(dim=4),
    "styblinski_tang(dim=3)": styblinski_tang(dim=3),
    "ackley(dim=3)": ackley(dim=3),
    "levy(dim=1)": levy(dim=1),
    "levy(dim=4)": levy(dim=4),
    "double_well(tilt=-0.7)": double_well(tilt=-0.7),
    "-himmelblau": -himmelblau,
    "-double_well": -double_well,
}
ALL = catalogue | MORE
every = pytest.mark.parametrize("f", ALL.values(), ids=ALL.keys())


def somewhere(f, *shape, seed=0):
    """Return random points of the domain, of shape (*shape, dim)."""
    low, high = f.domain.T
    return low + (high - low) * np.random.default_rng(seed).random((*shape, f.dim))


def width(f):
    return (f.domain[:, 1] - f.domain[:, 0]).max()


def close(a, b, tolerance):
    """Compare arrays relative to the largest entry of each point's value."""
    axes = tuple(range(1, np.ndim(b)))
    scale = np.abs(b).max(axis=axes, keepdims=True) if axes else np.abs(b)
    return np.all(np.abs(a - b) <= tolerance * (1 + scale))


# --- derivatives ---


@every
def test_gradient_is_the_complex_step_of_the_value(f):
    x = somewhere(f, 300)
    assert close(f.grad(x), complex_step(f, x), 1e-12)


@every
def test_gradient_is_the_slope(f):
    # Differences share nothing with complex numbers. Near kinks and walls they are no measure.
    x = somewhere(f, 300)
    slope = central_difference(f, x)
    wrong = np.abs(f.grad(x) - slope).max(axis=-1) > 1e-5 * (1 + np.abs(slope).max(axis=-1))
    assert wrong.mean() < 0.01


@every
def test_hessian_is_the_slope_of_the_gradient(f):
    x = somewhere(f, 300)
    H, slope = f.hess(x), central_difference(f.grad, x)
    wrong = np.abs(H - slope).max(axis=(1, 2)) > 1e-5 * (1 + np.abs(slope).max(axis=(1, 2)))
    assert wrong.mean() < 0.02
    assert close(H, np.swapaxes(H, -1, -2), 1e-12)


@every
def test_ours_have_formulas(f):
    assert f.gradient_by == "formula"
    assert f.hessian_by in ("formula", "complex step")
    assert not f.pointwise


# --- critical points ---


@every
@pytest.mark.parametrize("kind", PLACES)
def test_gradient_is_zero_at_critical_points(f, kind):
    x = f.critical[kind]
    curvature = 1 + np.abs(f.hess(x)).max(axis=(1, 2))
    assert (np.abs(f.grad(x)).max(axis=-1) <= 1e-13 * width(f) * curvature).all()


@every
def test_hessian_has_the_signature_of_the_kind(f):
    signs = {}
    for kind in PLACES:
        e = np.linalg.eigvalsh(f.hess(f.critical[kind]))
        flat = np.abs(e) <= 1e-9 * (1 + np.abs(e).max(axis=-1, keepdims=True))
        signs[kind] = np.where(flat, 0, np.sign(e))
    assert (signs["minima"] >= 0).all()
    assert (signs["maxima"] <= 0).all()
    degenerate = (signs["saddles"] == 0).any(axis=-1)
    mixed = (signs["saddles"] > 0).any(axis=-1) & (signs["saddles"] < 0).any(axis=-1)
    assert (mixed | degenerate).all()


@every
def test_kinds_hold_in_a_small_neighbourhood(f):
    # What the words mean, without derivatives: also for kinks, cones and flat Hessians.
    aside = np.random.default_rng(0).standard_normal((200, f.dim))
    aside *= 1e-3 * width(f) / np.linalg.norm(aside, axis=-1, keepdims=True)
    for kind, points in f.critical.items():
        for x in points:
            around = np.clip(x + aside, *f.domain.T) if "boundary" in kind else x + aside
            rise = f(around) - f(x)
            tiny = 1e-12 * (1 + abs(f(x)))
            if kind == "minima" or "minimum" in kind:
                assert rise.min() >= -tiny
                assert rise.max() > tiny
            elif kind == "maxima" or "maximum" in kind:
                assert rise.max() <= tiny
                assert rise.min() < -tiny
            else:  # saddles and inflections
                assert rise.min() < 0 < rise.max()


@every
def test_points_lie_in_the_domain_and_are_finite(f):
    low, high = f.domain.T
    assert f.domain.shape == (f.dim, 2)
    assert f.start.shape == (f.dim,)
    for x in (f.start[None], *f.critical.values()):
        assert x.shape == (len(x), f.dim)
        assert ((low <= x) & (x <= high)).all()
        assert np.isfinite(f(x)).all()
        assert np.isfinite(f.grad(x)).all()
    assert np.linalg.norm(f.grad(f.start)) > 0 or f is himmelblau


@every
def test_points_are_listed_once(f):
    x = np.concatenate([f.critical[kind] for kind in PLACES])
    apart = np.abs(x[:, None] - x).max(axis=-1) + np.eye(len(x)) * width(f)
    assert apart.min(initial=width(f)) > 1e-3 * width(f)


def found(f, starts=1500):
    """Return critical points inside the domain, by Newton's method from random starts."""
    low, high = f.domain.T
    x = somewhere(f, starts)
    for _ in range(60):
        inverse = np.linalg.pinv(f.hess(x), hermitian=True)
        step = (inverse @ f.grad(x)[..., None])[..., 0]
        length = np.linalg.norm(step, axis=-1, keepdims=True)
        step *= np.minimum(1, 0.05 * width(f) / np.maximum(length, 1e-300))
        x = np.clip(x - step, low - 1, high + 1)
    flat = np.linalg.norm(f.grad(x), axis=-1) < 1e-9 * (1 + np.abs(f(x)))
    return x[flat & (low <= x).all(axis=-1) & (x <= high).all(axis=-1)]


def distance(a, b):
    """Return the distance of each point of a to the nearest one of b."""
    return np.abs(a[:, None] - b).max(axis=-1).min(axis=-1, initial=np.inf)


complete = {name: f for name, f in ALL.items() if f.listed == "all" and f.dim <= 3}


@pytest.mark.parametrize("f", complete.values(), ids=complete.keys())
def test_lists_are_complete(f):
    x, listed = found(f), np.concatenate(list(f.critical.values()))
    assert (distance(x, listed) < 1e-4 * width(f)).all()  # nothing found that isn't listed
    if len(listed) < 30:  # a test can't find hundreds
        smooth = np.concatenate([f.critical[kind] for kind in PLACES])
        assert (distance(smooth, x) < 1e-4 * width(f)).all()  # and nothing listed that isn't found


COUNTS = {  # minima, maxima, saddles
    "himmelblau": (4, 1, 4),
    "beale": (1, 0, 2),
    "rosenbrock": (1, 0, 0),
    "three_hump_camel": (3, 0, 2),
    "six_hump_camel": (6, 2, 7),
    "styblinski_tang": (4, 1, 4),
    "goldstein_price": (4, 1, 4),
    "mccormick": (2, 0, 1),
    "rastrigin": (121, 100, 220),
    "high_dim_saddle(dim=4)": (16, 1, 64),
    "flat_vs_sharp": (2, 1, 0),
    "wavy": (5, 5, 0),
    "-himmelblau": (1, 4, 4),
}


@pytest.mark.parametrize("name", COUNTS)
def test_numbers_of_critical_points(name):
    assert tuple(len(ALL[name].critical[kind]) for kind in PLACES) == COUNTS[name]


@every
def test_the_minimum_is_not_beaten(f):
    # Descent within the domain, with a step that adapts, from many places and from the boundary.
    if f.minimum is None:
        return
    at, lowest = f.minimum
    assert lowest == f(at)
    low, high = f.domain.T
    x = np.concatenate([somewhere(f, 2000), somewhere(f, 500, seed=1)])
    edges = np.arange(500)
    x[-500:][edges, edges % f.dim] = f.domain[edges % f.dim, edges // f.dim % 2]
    fx, size = f(x), np.full((len(x), 1), 1e-2 * width(f))
    for _ in range(200):
        g = f.grad(x)
        new = np.clip(
            x - size * g / (np.linalg.norm(g, axis=-1, keepdims=True) + 1e-300), low, high
        )
        better = f(new) < fx
        x, size = np.where(better[:, None], new, x), np.where(better[:, None], 1.5, 0.5) * size
        fx = f(x)
    assert fx.min() >= lowest - 1e-9 * (1 + abs(lowest))
    assert fx.min() <= lowest + 1e-3 * (1 + abs(lowest))  # the search was able to find it


def test_who_has_no_minimum():
    without = {name for name, f in ALL.items() if f.minimum is None}
    assert without == {"saddle", "monkey_saddle", "-himmelblau", "-double_well"}


# --- published numbers ---

HEIGHTS = {  # in the order of the list, with the digits that are given
    ("rosenbrock", "minima"): [0],
    ("himmelblau", "minima"): [0, 0, 0, 0],
    ("himmelblau", "maxima"): [181.62],
    ("beale", "minima"): [0],
    ("beale", "saddles"): [14.20, 9.86],
    ("booth", "minima"): [0],
    ("matyas", "minima"): [0],
    ("three_hump_camel", "minima"): [0, 0.298638, 0.298638],
    ("three_hump_camel", "saddles"): [0.8774, 0.8774],
    ("six_hump_camel", "minima"): [-1.031628, -1.031628, -0.2155, -0.2155, 2.1043, 2.1043],
    ("rastrigin(dim=1)", "minima"): [0, 0.994959, 0.994959],
    ("ackley", "cone minimum"): [0],
    ("goldstein_price", "minima"): [3, 30, 84, 840],
    ("goldstein_price", "maxima"): [1155],
    ("eggholder", "boundary minimum"): [-959.640663],
    ("levy", "minima"): [0],
    ("mccormick", "minima"): [-1.9132, 1.2284],
    ("high_dim_saddle", "maxima"): [0.5],
    ("plateau", "minima"): [0],
    ("flat_vs_sharp", "minima"): [-0.923, -1.020],
    ("noisy_quadratic", "minima"): [0],
}  # fmt: skip


@pytest.mark.parametrize(("name", "kind"), HEIGHTS)
def test_heights_are_the_published_ones(name, kind):
    f = ALL[name]
    published = np.array(HEIGHTS[name, kind])
    digits = [len(repr(h).partition(".")[2]) for h in HEIGHTS[name, kind]]
    off = np.abs(f(f.critical[kind][: len(published)]) - published)
    assert (off <= [0.5 * 10.0**-d + 1e-12 if d else 1e-9 for d in digits]).all()


CONDITIONS = {
    "rosenbrock": [2508],
    "himmelblau": [3.2, 1.2, 1.9, 3.7],
    "beale": [162],
    "booth": [9],
    "matyas": [25],
    "bowl": [1],
    "ravine": [100],
    "turned ravine": [100],
}


@pytest.mark.parametrize("name", CONDITIONS)
def test_condition_numbers_are_the_published_ones(name):
    f = ALL[name]
    kappa = np.linalg.cond(f.hess(f.minima))
    digits = 1 if name == "himmelblau" else 0
    assert kappa.round(digits).tolist() == CONDITIONS[name]


def test_styblinski_tang_for_each_axis():
    f = styblinski_tang(dim=1)
    assert np.round([f(x) for x in (-2.903534, 2.746803)], 6).tolist() == [-39.166166, -25.029447]
    assert f.maxima.round(6).tolist() == [[0.156731]]


def test_flat_and_sharp():
    assert flat_vs_sharp.minima.ravel().round(3).tolist() == [-1.923, 1.999]
    assert flat_vs_sharp.hess(flat_vs_sharp.minima).ravel().round(2).tolist() == [1.03, 110.03]


def test_the_wall_of_the_cliff():
    w, b = np.meshgrid(np.linspace(4, 6, 101), np.linspace(-3.2, -2, 97))
    slope = np.linalg.norm(cliff.grad(w, b), axis=-1)
    at = np.unravel_index(slope.argmax(), slope.shape)
    assert round(slope.max()) == 3320
    assert (round(w[at], 2), round(b[at], 3)) == (4.94, -2.575)
    assert round(np.median(slope), 2) == 0.10


def test_the_tip_of_ackley_is_a_cone():
    for n in (1, 2, 5):
        f, near = ackley(dim=n), np.full(n, 1e-8)
        assert f.grad(np.zeros(n)).tolist() == [0] * n
        assert math.isclose(np.linalg.norm(f.grad(near)), 4 / math.sqrt(n), rel_tol=1e-6)


def test_eggholder_on_its_kinks():
    for x in ((0.0, -47.0), (-94.0, 0.0), (47.0, 0.0)):
        assert np.isfinite(eggholder(x))
        assert np.isfinite(eggholder.grad(x)).all()


def test_index_and_height_of_the_high_dim_saddle():
    f = high_dim_saddle(dim=5)
    x = np.concatenate([f.minima, f.saddles, f.maxima])
    zeros = (x == 0).sum(axis=-1)
    index = (np.linalg.eigvalsh(f.hess(x)) < 0).sum(axis=-1)
    assert len(x) == 3**5
    assert (index == zeros).all()
    assert (f(x) == zeros / 4).all()
    assert high_dim_saddle(dim=8).listed == "all"
    many = high_dim_saddle(dim=100)
    assert (many.listed, many.minimum[1], len(many.saddles)) == ("some", 0, 0)


# --- shapes, layouts, purity ---


@every
def test_many_points_at_once(f):
    x = somewhere(f, 5, 4)
    assert f(x).shape == (5, 4)
    assert f.grad(x).shape == (5, 4, f.dim)
    assert f.hess(x).shape == (5, 4, f.dim, f.dim)
    for at in np.ndindex(5, 4):
        assert close(f(x)[at], f(x[at]), 1e-13)
        assert close(f.grad(x)[at], f.grad(x[at]), 1e-11)
        assert close(f.hess(x)[at], f.hess(x[at]), 1e-9)


@every
def test_none_and_one(f):
    empty, x = np.empty((0, f.dim)), somewhere(f)
    assert f(empty).shape == (0,)
    assert f.grad(empty).shape == (0, f.dim)
    assert np.ndim(f(x)) == 0
    assert f.grad(x).shape == (f.dim,)
    assert f.hess(x).shape == (f.dim, f.dim)


@every
def test_input_is_left_alone_and_two_calls_are_equal(f):
    x = somewhere(f, 6)
    before = x.copy()
    for call in (f, f.grad, f.hess):
        assert np.array_equal(call(x), call(x))
        assert np.array_equal(x, before)
        x.flags.writeable = False
        call(x)
        x.flags.writeable = True


@every
def test_memory_layout_is_kept(f):
    x = np.asfortranarray(somewhere(f, 50))
    assert close(f.grad(x), f.grad(np.ascontiguousarray(x)), 1e-11)
    assert f.grad(x).flags.f_contiguous


@every
def test_coordinates_one_by_one(f):
    if f.dim == 1:
        return
    low, high = f.domain.T
    first = np.linspace(low[0], high[0], 7)
    others = [somewhere(f)[i] for i in range(1, f.dim)]
    x = np.stack(np.broadcast_arrays(first, *others), axis=-1)
    assert close(f(first, *others), f(x), 1e-12)
    assert close(f.grad(first, *others), f.grad(x), 1e-11)
    assert close(f.hess(first, *others), f.hess(x), 1e-9)


def test_a_meshgrid():
    X, Y = np.meshgrid(np.linspace(-2, 2, 5), np.linspace(-1, 3, 4))
    Z = rosenbrock(X, Y)
    assert Z.shape == (4, 5)
    assert Z[3, 1] == rosenbrock((X[3, 1], Y[3, 1]))
    assert rosenbrock.grad(X, Y).shape == (4, 5, 2)


def test_numbers_in_one_dimension():
    assert parabola(3.0) == 9
    assert parabola.grad(3) == 6
    assert parabola.hess(3) == 2
    x = np.linspace(-1, 1, 100)
    for f in (parabola, rastrigin(dim=1), landscape(lambda x: x**2), landscape(math.cos)):
        assert f(x).shape == f.grad(x).shape == f.hess(x).shape == (100,)
        assert f(x[:, None]).shape == (100,)
        assert f.grad(x[:, None]).shape == (100, 1)
        assert f.hess(x[:, None]).shape == (100, 1, 1)
        assert np.ndim(f(1.0)) == np.ndim(f.grad(1.0)) == np.ndim(f.hess(1.0)) == 0
    assert parabola([3.0]).shape == ()
    assert parabola.grad([3.0]).tolist() == [6]


def test_whole_numbers_are_numbers():
    assert rosenbrock.grad([0, 0]).tolist() == [-2, 0]
    assert rosenbrock.grad(np.array([0, 0], dtype=np.float32)).dtype == float
    assert rosenbrock((True, True)) == 0


# --- configured copies, upside down, names ---


def test_configured_copies():
    assert rosenbrock(b=20)(0, 1) == 21
    assert rosenbrock(0, 1, b=20) == 21
    assert rosenbrock.params == {"a": 1, "b": 100}  # the original is as it was
    assert rosenbrock(b=20)(a=2).params == {"a": 2, "b": 20}
    assert rosenbrock(a=2).minima.tolist() == [[2, 4]]
    assert rosenbrock().params == rosenbrock.params
    assert banana.params == {"a": 1, "b": 20}
    assert bowl(kappa=-1).saddles.tolist() == [[0, 0]]
    assert bowl(kappa=-1).minimum is None
    assert rastrigin(dim=5).dim == 5
    assert rastrigin(dim=5).start.shape == (5,)
    assert rastrigin(dim=5).minimum[0].tolist() == [0] * 5
    turned = ravine(angle=30)
    assert np.linalg.eigvalsh(turned.hess(0, 0)).round(9).tolist() == [1, 100]


def test_a_copy_shows_no_points_that_are_not_its_own():
    assert cliff.listed == "some"
    other = cliff(target=0.5)
    assert other.listed == "unknown"
    assert other.minimum is None
    assert all(len(x) == 0 for x in other.critical.values())
    assert cliff(steps=50).listed == "some"  # not really another one
    assert other(target=0.7).listed == "some"


@every
def test_upside_down(f):
    g, x = -f, somewhere(f, 7)
    assert np.array_equal(g(x), -f(x))
    assert np.array_equal(g.grad(x), -f.grad(x))
    assert np.array_equal(g.hess(x), -f.hess(x))
    assert np.array_equal(g.minima, f.maxima)
    assert np.array_equal(g.maxima, f.minima)
    assert np.array_equal(g.saddles, f.saddles)
    assert np.array_equal((-g)(x), f(x))
    assert (-g).minimum is None or (-g).minimum[1] == f.minimum[1]


def test_upside_down_copies():
    assert (-rosenbrock)(b=20)(0, 1) == -21
    below = -rosenbrock
    assert -below is rosenbrock
    assert list((-ackley).special) == ["cone maximum"]
    assert (-rosenbrock).start is rosenbrock.start


def test_repr():
    assert repr(rosenbrock) == "<landscape rosenbrock(a=1, b=100), 2-D, gradient by formula>"
    assert repr(rastrigin(dim=3)) == "<landscape rastrigin, 3-D, gradient by formula>"
    assert repr(-himmelblau) == "<landscape -himmelblau, 2-D, gradient by formula>"
    assert repr(landscape(lambda x: x)) == "<landscape f, 1-D, gradient by complex step>"
    assert repr(noisy_quadratic(batch_size=8)).startswith("<noisy landscape noisy_quadratic, 2-D")
    data = np.zeros(3)
    with_data = landscape(lambda a, b, *, x=data: np.sum(a + b * x), name="fit")
    assert repr(with_data).startswith("<landscape fit(x=…), 2-D")


def test_points_cannot_be_changed_by_accident():
    for x in (rosenbrock.domain, rosenbrock.start, rosenbrock.minima):
        with pytest.raises(ValueError, match="read-only"):
            x[0] = 7


def test_everything_is_exported_and_documented():
    assert set(catalogue) <= set(landscapes.__all__)
    assert all(getattr(landscapes, name) is f for name, f in catalogue.items())
    for name, f in catalogue.items():
        assert ">>>" in f.__doc__, name
    assert copy.deepcopy(-rosenbrock)(0, 0) == -1


# --- the learner's own functions ---


def test_one_line_adds_one():
    f = landscape(lambda x, y: x**2 + 3 * y**2)
    assert (f.dim, f.gradient_by, f.hessian_by) == (2, "complex step", "central differences")
    assert f.grad((1.0, 2.0)).tolist() == [2, 12]
    assert f.hess((1.0, 2.0)).round(6).tolist() == [[2, 0], [0, 6]]
    assert (f.listed, f.minimum) == ("unknown", None)
    assert f.domain.tolist() == [[-5, 5], [-5, 5]]
    assert f.start.tolist() == [4, 4]


def with_if(x, y):
    return x**2 if y > 0 else (x - y) ** 2


@pytest.mark.parametrize(
    ("function", "by", "pointwise"),
    [
        (lambda x, y: np.exp(x) * np.sin(y), "complex step", False),
        (lambda x, y: np.where(x > 0, x**2, x**3) + y, "complex step", False),
        (lambda x, y: abs(x - 9) + y**2, "central differences", False),
        (lambda x, y: np.abs(x - 9) ** 3 + y, "central differences", False),
        (lambda x, y: math.sin(x) + y**2, "central differences", True),
        (lambda x, y: 3.0, "complex step", True),
        (lambda x, y: float(x) * y, "central differences", True),
        (with_if, None, True),
    ],
)
@pytest.mark.filterwarnings("ignore:.*complex:Warning")
def test_functions_say_how_they_are_differentiated(function, by, pointwise):
    f = landscape(function)
    assert f.gradient_by == by or by is None
    assert f.pointwise == pointwise
    assert ("point by point" in repr(f)) == pointwise
    assert f.gradient_by in repr(f)
    x = somewhere(f, 3, 2)
    expected = np.array([[function(*p) for p in row] for row in x])
    assert np.allclose(f(x), expected, rtol=1e-14)
    plain = landscape(lambda v: np.apply_along_axis(lambda p: function(*p), -1, v), dim=2)
    assert np.allclose(f.grad(x), central_difference(plain, x), rtol=1e-6, atol=1e-6)
    slopes = central_difference(plain.grad, x, h=1e-4)
    assert np.allclose(f.hess(x), slopes, rtol=1e-4, atol=1e-4)


def test_an_if_that_returns_a_whole_number_first():
    f = landscape(lambda x: 0 if x < 0 else x * 1.5)
    assert f(np.array([-1.0, 1.0])).tolist() == [0, 1.5]


def test_vectors():
    f = landscape(lambda w: np.sum(w**4, axis=-1), dim=3)
    assert f.grad((1.0, 2.0, 3.0)).tolist() == pytest.approx([4, 32, 108], rel=1e-14)
    assert f(dim=5).dim == 5
    g = landscape(lambda w: np.sum(w**4), start=(1, 1))  # forgot the axis: slow, and right
    assert (g.dim, g.pointwise) == (2, True)
    assert g([[1, 1], [2, 0]]).tolist() == [2, 16]


def test_gradients_of_ones_own():
    f = landscape(lambda x, y: x * y, grad=lambda x, y: (y, x))
    assert (f.gradient_by, f.hessian_by) == ("formula", "complex step")
    assert f.hess(1, 2).tolist() == [[0, 1], [1, 0]]
    f = landscape(lambda x: math.sin(x), grad=lambda x: math.cos(x))
    assert (f.gradient_by, f.hessian_by) == ("formula", "central differences")
    assert f.grad([0.0, math.pi]).tolist() == [1, -1]
    f = landscape(lambda w: np.sum(w**2, axis=-1), dim=3, grad=lambda w: 2 * w)
    assert f.grad([1, 2, 3]).tolist() == [2, 4, 6]
    f = landscape(lambda x, y: x * y, hess=lambda x, y: ((0, 1), (1, 0)))
    assert (f.gradient_by, f.hessian_by) == ("complex step", "formula")


def test_a_decorated_function_with_parameters():
    @landscape(start=(3, 1))
    def hill(x, y, *, height=1):
        return -height * np.exp(-(x**2) - y**2)

    assert hill.gradient_by == "complex step"

    @hill.gradient
    def hill(x, y, *, height):
        e = 2 * height * np.exp(-(x**2) - y**2)
        return x * e, y * e

    assert hill.gradient_by == "formula"
    assert hill(height=2)(0, 0) == -2
    assert np.allclose(
        hill(height=2).grad((1, 0)), complex_step(hill(height=2), np.array([1.0, 0]))
    )
    assert hill.__name__ == "hill"


def test_the_domain_matters():
    f = landscape(lambda x: math.log(x) ** 2, domain=(0.1, 5))
    assert math.isclose(f.grad(math.e), 2 / math.e, rel_tol=1e-8)
    half = landscape(lambda x: math.sqrt(x))  # tried where it can be
    assert math.isclose(half.grad(4.0), 0.25, rel_tol=1e-8)


def test_a_landscape_is_one_already():
    assert landscape(rosenbrock) is rosenbrock


# --- errors ---


def two_coordinates(x, y):
    return x * y


ERRORS = [
    (lambda: rosenbrock((1, 2, 3)), ValueError, r"lives in 2 dimensions.*x, y; I got shape \(3,\)"),
    (lambda: rosenbrock(1.0), ValueError, r"I got shape \(\)"),
    (lambda: rosenbrock(1, 2, 3), ValueError, "I got 3 coordinates"),
    (lambda: rosenbrock.grad(np.zeros((2, 3))), ValueError, r"I got shape \(2, 3\)"),
    (lambda: rosenbrock.hess(1.0), ValueError, "lives in 2 dimensions"),
    (lambda: rastrigin((1, 2, 3)), ValueError, r"rastrigin\(dim=…\)"),
    (lambda: parabola(1, 2), ValueError, "lives in 1 dimension:"),
    (lambda: rosenbrock("ab"), TypeError, "made of numbers"),
    (lambda: rosenbrock(None), TypeError, "made of numbers"),
    (lambda: rosenbrock(c=1), TypeError, "has no parameter 'c'; it has a, b"),
    (lambda: rosenbrock(dim=3), TypeError, "has no parameter 'dim'; it has a, b"),
    (lambda: himmelblau(a=1), TypeError, "has no parameter 'a'; it has none"),
    (lambda: (-rosenbrock)(c=1), TypeError, "has no parameter 'c'"),
    (lambda: rosenbrock(b="steep"), TypeError, "must be one finite number"),
    (lambda: rosenbrock(b=np.nan), TypeError, "must be one finite number"),
    (lambda: rastrigin(dim=0), ValueError, "needs a dim of 1, 2, 3"),
    (lambda: rastrigin(dim=2.5), ValueError, "needs a dim of 1, 2, 3"),
    (lambda: landscape(3), TypeError, "made of a function: got 3"),
    (lambda: landscape(lambda: 0), TypeError, "no coordinates"),
    (lambda: landscape(lambda *x: 0), TypeError, "how many coordinates"),
    (lambda: landscape(lambda x, a=1: x), TypeError, "behind a star"),
    (lambda: landscape(lambda x, *, a: x), TypeError, "needs a default"),
    (lambda: landscape(two_coordinates, dim=3), ValueError, "dim: 3; x, y: 2"),
    (lambda: landscape(two_coordinates, start=1), ValueError, "start: 1; x, y: 2"),
    (lambda: landscape(lambda x: x, dim=2, start=(1, 2, 3)), ValueError, "dim: 2; start: 3"),
    (lambda: landscape(two_coordinates, domain=(np.nan, 1)), ValueError, "must be finite pairs"),
    (lambda: landscape(two_coordinates, domain=(1, 0)), ValueError, "must be finite pairs"),
    (lambda: landscape(two_coordinates, domain=(1, 2, 3)), ValueError, "must be finite pairs"),
    (lambda: landscape(lambda x: x, dim=2)((1, 1)), ValueError, "one number per point"),
    (lambda: landscape(lambda x: math.log(-1))(1), ValueError, "Where is it defined"),
    (lambda: landscape(lambda x: np.nan * x)(1), ValueError, "Where is it defined"),
    (lambda: landscape(lambda x: undefined)(1), NameError, "undefined"),  # noqa: F821
    (
        lambda: landscape(two_coordinates, grad=lambda x, y: (y, x, 0)).grad((1, 1)),
        ValueError,
        "one number per coordinate, 2 in all",
    ),
    (
        lambda: landscape(two_coordinates, grad=lambda x, y: y).grad((1, 1)),
        ValueError,
        "one number per coordinate, 2 in all",
    ),
    (lambda: noisy(parabola, sigma=-1), ValueError, "sigma must be"),
    (lambda: noisy(rosenbrock, sigma=(1, 2, 3)), ValueError, "sigma must be"),
    (lambda: noisy(parabola, batch_size=0), ValueError, "batch_size must be"),
    (lambda: noisy(parabola)(colour=1), TypeError, "has no parameter 'colour'"),
]


@pytest.mark.parametrize(("call", "error", "message"), ERRORS)
def test_errors_say_what_to_do(call, error, message):
    with pytest.raises(error, match=message):
        call()


# --- noise ---


def test_noise_is_a_function_of_seed_and_step():
    f, x = noisy(rosenbrock, sigma=3, seed=1), somewhere(rosenbrock, 4, 3)
    later, first = f.at(7).grad(x), f.at(1).grad(x)
    assert np.array_equal(later, noisy(rosenbrock, sigma=3, seed=1).at(7).grad(x))
    assert not np.array_equal(later, first)
    assert not np.array_equal(first, f(seed=2).at(1).grad(x))
    expected = 3 * np.random.default_rng((1, 7)).standard_normal(x.shape)
    assert np.allclose(later - rosenbrock.grad(x), expected, atol=1e-10)
    assert np.array_equal(f(x), rosenbrock(x))
    assert np.array_equal(f.grad(x), rosenbrock.grad(x))
    assert np.array_equal(f.at(1).hess(x), rosenbrock.hess(x))


def test_the_noisy_gradient_is_the_gradient_of_a_landscape():
    x = somewhere(rosenbrock)
    tilted = noisy(rosenbrock, sigma=3).at(5)
    assert np.allclose(tilted.grad(x), central_difference(
        lambda points: np.apply_along_axis(tilted, -1, points), x), rtol=1e-6)  # fmt: skip


def test_noise_knows_the_landscape_it_is_on():
    f = noisy(rosenbrock, batch_size=4, sigma=(1, 2))
    assert f(b=20).params == {"a": 1, "b": 20}
    assert f(b=20).batch_size == 4
    assert np.array_equal(f.minima, rosenbrock.minima)
    assert f.minimum[1] == 0
    assert not hasattr(rosenbrock, "at")
    assert not hasattr(f.at(1), "at")
    x = somewhere(f, 3)
    ours = f.at(2).grad(x) - f.grad(x)
    assert np.allclose((-f).at(2).grad(x), -f.grad(x) + ours)
    four = noisy(rosenbrock, sigma=(1, 2)).at(2).grad(x) - f.grad(x)
    assert np.allclose(four, 2 * ours)
    assert noisy(lambda x: x**2).at(1).grad(3.0) != 6


def test_the_noisy_quadratic_settles_where_theory_says():
    lr, B, h = 0.5, 4, 1 / np.arange(1, 4)
    f = noisy_quadratic(dim=3, batch_size=B)
    x = np.zeros((20_000, 3))
    for t in range(1, 61):
        x = x - lr * f.at(t).grad(x)
    decay = 1 - (1 - lr * h) ** 120  # how far it has settled after 60 steps
    assert np.allclose(x.var(axis=0), decay * lr / (B * (2 - lr * h)), rtol=0.05)


def test_six_hump_camel_is_symmetric():
    x = somewhere(six_hump_camel, 20)
    assert np.allclose(six_hump_camel(-x), six_hump_camel(x))


def test_a_function_may_live_in_a_small_part_of_its_domain():
    dome = landscape(lambda x, y: np.sqrt(1 - x**2 - y**2), domain=(-2, 2))
    assert dome.grad([0.3, 0.4]).round(6).tolist() == [-0.34641, -0.46188]


def test_a_function_of_numpys_is_a_landscape():
    hills = landscape(np.cos)
    assert hills.dim == 1
    assert hills.grad(1.0) == pytest.approx(-np.sin(1.0))
    assert landscape(np.hypot).grad([3.0, 4.0]).round(6).tolist() == [0.6, 0.8]


def test_a_function_without_return_is_told():
    def forgot(x):
        x**2

    with pytest.raises(TypeError, match=r"forgot returned nothing \(did you forget `return`\?\)"):
        landscape(forgot)(1.0)
