"""What must hold for rules, whatever library they equal: identities, symmetries, purity, closed forms.

Tests about one rule have a parameter `rule` with its name; tools/mutants.py selects by it.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gdtutor import RULES, descend, landscapes, random_restarts, schedules, theory
from gdtutor.landscapes import landscape
from gdtutor.models import lasso
from gdtutor.rules import adaptive, classic, escape

fixed = settings(deadline=None, derandomize=True, max_examples=40)
DIM = 6  # so few that NumPy adds them up in one order, whatever the shape

# How a rule is set so that it takes some twenty sensible steps on `Hills`.
KNOBS = {
    "muon": {"shape": (2, 3), "lr": 0.05},
    "polyak": {"f_min": -3.0},
    "backtracking": {"lr": 4.0},
    "sam": {"lr": 0.05},
    "newton": {"lr": 0.5},
    "schedule_free_sgd": {"lr": 0.05},
    "dog": {"reps": 0.3},
    "prodigy": {"d0": 1e-2},
    "exact_line_search": {},
    "adadelta": {"lr": 3.0},
    "adan": {"weight_decay": 0.1},
    "lion": {"weight_decay": 0.1},
}
DETERMINISTIC = [rule for rule in RULES if not RULES[rule].random]
RANDOM = [rule for rule in RULES if RULES[rule].random]
# What goes through BLAS or LAPACK, whose order of summation depends on the shape.
ROUNDED = {"muon", "newton", "exact_line_search"}


def ready(rule, **knobs):
    """Return the rule with sensible knobs, these ones changed."""
    usual = {"lr": 0.05} if "lr" in RULES[rule].knobs else {}
    return RULES[rule](**usual | KNOBS.get(rule, {}) | knobs)


class Hills:
    """Σ aᵢ(½xᵢ² + ¼xᵢ⁴) + x₁x₂: with Hessian, smooth part and prox, and nothing but + − × ÷."""

    dim = DIM
    a = np.array([2.0, 1.0, 0.5, 3.0, 1.5, 0.7])

    def __call__(self, x):
        return np.sum(self.a * (x * x / 2 + x * x * x * x / 4), axis=-1) + x[..., 0] * x[..., 1]

    def grad(self, x):
        g = self.a * (x + x * x * x)
        cross = np.zeros_like(g)
        cross[..., 0], cross[..., 1] = x[..., 1], x[..., 0]
        return g + cross

    def hess(self, x):
        H = (self.a * (1 + 3 * x * x))[..., None] * np.eye(DIM)
        H[..., 0, 1] += 1
        H[..., 1, 0] += 1
        return H

    @property
    def smooth(self):
        return self

    def prox(self, x, lr):
        return np.sign(x) * np.maximum(np.abs(x) - 0.1 * lr, 0)


class Turned:
    """An objective seen from turned axes: F(x) = f(xQ), so that Qxᵀ walks as x does."""

    def __init__(self, f, Q):
        self.f, self.Q, self.dim = f, Q, f.dim

    def __call__(self, x):
        return self.f(x @ self.Q)

    def grad(self, x):
        return self.f.grad(x @ self.Q) @ self.Q.T

    def hess(self, x):
        return self.Q @ self.f.hess(x @ self.Q) @ self.Q.T

    @property
    def smooth(self):
        return Turned(self.f.smooth, self.Q)

    def prox(self, x, lr):
        return self.f.prox(x @ self.Q, lr) @ self.Q.T


hills = Hills()
START = np.array([1.0, -0.8, 0.6, -0.4, 1.2, -1.1])
STARTS = START * np.array([1.0, -0.5, 0.25, 1.5])[:, None]
positions = arrays(float, DIM, elements=st.floats(-1.5, 1.5, width=32))


def rotation(seed):
    """Return a random rotation matrix."""
    return np.linalg.qr(np.random.default_rng(seed).standard_normal((DIM, DIM)))[0]


def half(curvature):
    """Return ½ · curvature · x² in one dimension."""
    return landscape(
        lambda x: curvature * x**2 / 2, grad=lambda x: curvature * x, hess=lambda x: curvature
    )


class Quadratic:
    """½ xᵀHx."""

    def __init__(self, H):
        self.H = np.asarray(H, dtype=float)

    def __call__(self, x):
        return np.einsum("...i,ij,...j->...", x, self.H, x) / 2

    def grad(self, x):
        return x @ self.H

    def hess(self, x):
        return np.broadcast_to(self.H, (*x.shape, len(self.H)))


TILTED = np.array([[3.0, 1.0], [1.0, 1.0]])  # a valley that is parallel to no axis


# --- every rule ------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_changes_none_of_its_arguments_and_has_no_hidden_state(rule):
    opt = ready(rule)
    x, memory = STARTS.copy(), ()
    for t in range(1, 8):
        seen = hills if opt.sees_landscape else hills.grad(x)
        memory = memory or tuple(np.broadcast_to(m, x.shape).copy() for m in opt.start(x))
        given_ = [x, *memory] + ([] if opt.sees_landscape else [seen])
        before = [np.array(value) for value in given_]
        for value in given_:
            if isinstance(value, np.ndarray):
                value.flags.writeable = False
        first, second = (opt.step(t, x, seen, memory) for _ in range(2))
        for value, kept in zip(given_, before):
            np.testing.assert_array_equal(value, kept)
        for one, two in zip([first[0], *first[1]], [second[0], *second[1]]):
            np.testing.assert_array_equal(one, two)
        x, memory = first


@pytest.mark.parametrize("rule", RULES)
def test_two_runs_give_the_same_bits(rule):
    one, two = (descend(hills, STARTS, ready(rule), 20) for _ in range(2))
    np.testing.assert_array_equal(one.x, two.x)
    assert np.isfinite(one.x).all()


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule not in RANDOM])
def test_a_rule_goes_down(rule):
    path = descend(hills, START, ready(rule), 300)
    assert path.f[-1] < 0.5 * path.f[0]


@pytest.mark.parametrize("rule", DETERMINISTIC)
def test_many_starts_are_single_runs(rule):
    path = descend(hills, STARTS, ready(rule), 25)
    single = np.stack([descend(hills, x, ready(rule), 25).x for x in STARTS], axis=1)
    if rule in ROUNDED:
        np.testing.assert_allclose(path.x, single, rtol=1e-10, atol=1e-13)
    else:
        np.testing.assert_array_equal(path.x, single)


@pytest.mark.parametrize("rule", RANDOM)
def test_each_start_draws_numbers_of_its_own(rule):
    # On level ground only chance moves anything; annealing_naive needs a slope to have a choice.
    level = landscape(lambda x, y: 0 * x, grad=lambda x, y: (0 * x, 0 * x))
    slope = landscape(lambda x, y: x, grad=lambda x, y: (0 * x - 1, 0 * x))
    f = slope if rule == "annealing_naive" else level
    ends = [descend(f, np.zeros((8, 2)), ready(rule, seed=seed), 40).end for seed in (0, 0, 1)]
    np.testing.assert_array_equal(ends[0], ends[1])
    assert (ends[0] != ends[2]).any()
    assert len(np.unique(ends[0], axis=0)) > (1 if rule == "annealing_naive" else 7)


def sweeps():
    """Yield (rule, knob, values) for every knob that is a number."""
    for rule in DETERMINISTIC:
        for knob, value in ready(rule).knobs.items():
            if isinstance(value, int | float):
                values = np.array([0.5, 0.8, 1.0]) * (value or 0.3)
                yield pytest.param(rule, knob, values, id=f"{rule}-{knob}")


@pytest.mark.parametrize(("rule", "knob", "values"), list(sweeps()))
def test_an_array_of_knobs_is_a_loop_over_them(rule, knob, values):
    path = descend(hills, START, ready(rule, **{knob: values[:, None]}), 12)
    loop = [descend(hills, START, ready(rule, **{knob: float(v)}), 12).x for v in values]
    # beta**t and the like: a number and an array take different ways to the last bit.
    np.testing.assert_allclose(path.x, np.stack(loop, axis=1), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("rule", [rule for rule in RULES if "lr" in RULES[rule].knobs])
def test_a_constant_schedule_is_the_number(rule):
    lr = ready(rule).knobs["lr"]
    path = descend(hills, STARTS, ready(rule, lr=schedules.constant(lr)), 15)
    np.testing.assert_array_equal(path.x, descend(hills, STARTS, ready(rule), 15).x)


# --- identities ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "knobs", "other", "other_knobs"),
    [
        ("momentum", {"momentum": 0.0}, "gd", {}),
        ("momentum_ema", {"momentum": 0.0}, "gd", {}),
        ("momentum_keras", {"momentum": 0.0}, "gd", {}),
        ("nesterov", {"momentum": 0.0}, "gd", {}),
        ("nesterov_keras", {"momentum": 0.0}, "gd", {}),
        ("nesterov_lookahead", {"momentum": 0.0}, "gd", {}),
        ("averaging", {}, "gd", {}),
        ("sam", {"radius": 0.0}, "gd", {}),
        ("langevin", {"temperature": 0.0}, "gd", {}),
        ("perturbed_gd", {"threshold": 0.0}, "gd", {}),
        ("schedule_free_sgd", {"beta": 0.0}, "gd", {}),
        ("momentum_keras", {"momentum": 0.9}, "momentum", {"momentum": 0.9}),
        ("momentum_ema", {"lr": 0.5, "momentum": 0.9}, "momentum", {"momentum": 0.9}),
        ("nesterov_keras", {"momentum": 0.9}, "nesterov", {"momentum": 0.9}),
        ("adamw", {"weight_decay": 0.0}, "adam", {}),
        ("adam_l2", {"weight_decay": 0.0}, "adam", {}),
        ("adam_uncorrected", {"beta1": 0.0}, "rmsprop", {"rho": 0.999, "eps": 1e-8}),
        ("rmsprop_eps_inside", {"eps": 0.0}, "rmsprop", {"rho": 0.9, "eps": 0.0}),
        ("schedule_free_adamw", {"beta1": 0.0}, "adam", {"beta1": 0.0}),
        ("backtracking", {"lr": 0.05}, "gd", {}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_two_rules_are_one(rule, knobs, other, other_knobs):
    one = descend(hills, STARTS, ready(rule, **{"lr": 0.05} | knobs), 30)
    two = descend(hills, STARTS, ready(other, lr=0.05, **other_knobs), 30)
    np.testing.assert_allclose(one.x, two.x, rtol=1e-12, atol=1e-14)


def test_two_forms_of_momentum_part_ways_under_a_schedule():
    falling = schedules.step(0.05, every=5)
    one, two = (
        descend(hills, START, RULES[rule](lr=falling, momentum=0.9), 12).x
        for rule in ("momentum", "momentum_keras")
    )
    np.testing.assert_allclose(one[:6], two[:6], rtol=1e-12)
    # PyTorch's form rescales the whole velocity at once, Keras's keeps what it has gathered.
    before = two[5] - two[4]
    np.testing.assert_allclose(two[6] - two[5], 0.9 * before - 0.005 * hills.grad(two[5]))
    np.testing.assert_allclose(one[6] - one[5], 0.1 * 0.9 * before - 0.005 * hills.grad(one[5]))


@pytest.mark.parametrize("rule", ["nesterov_lookahead", "nesterov", "nesterov_keras"])
@given(x0=positions, momentum=st.floats(0.0, 0.95), lr=st.floats(0.001, 0.05))
@fixed
def test_nesterov_is_lookahead_seen_from_where_it_looks(rule, x0, momentum, lr):
    path = descend(hills, x0, RULES["nesterov_lookahead"](lr=lr, momentum=momentum), 25)
    ahead = path.x + momentum * path["v"]
    if (
        rule == "nesterov_lookahead"
    ):  # its v is the last step, and the step is taken at the point ahead
        np.testing.assert_allclose(np.diff(path.x, axis=0), path["v"][1:], rtol=1e-9, atol=1e-12)
        step = momentum * path["v"][:-1] - lr * hills.grad(ahead[:-1])
        np.testing.assert_allclose(path["v"][1:], step, rtol=1e-12, atol=1e-14)
    else:
        seen = descend(hills, x0, RULES[rule](lr=lr, momentum=momentum), 25)
        np.testing.assert_allclose(seen.x, ahead, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("rule", ["adam", "rmsprop"])
def test_rmsprop_is_adam_without_mean_and_without_correction(rule):
    g = np.random.default_rng(0).standard_normal((30, DIM))
    x, memory = START, ()
    y, other = START, ()
    for t in range(1, 31):
        if rule == "adam":  # the correction is all the difference
            x, memory = RULES["adam"](lr=0.01, beta1=0.0, beta2=0.9, eps=0.0).step(
                t, x, g[t - 1], memory
            )
            lr = 0.01 * (1 - 0.9**t) ** 0.5
        else:
            x, memory = RULES["adam_uncorrected"](lr=0.01, beta1=0.0, beta2=0.9, eps=0.0).step(
                t, x, g[t - 1], memory
            )
            lr = 0.01
        y, other = RULES["rmsprop"](lr=lr, rho=0.9, eps=0.0).step(t, y, g[t - 1], other)
        np.testing.assert_allclose(x, y, rtol=1e-12)


# --- symmetries ------------------------------------------------------------------------------------

# Rules that know lengths and angles only.
ROUND = [
    "gd", "momentum", "momentum_ema", "momentum_keras", "nesterov", "nesterov_keras", "averaging",
    "nesterov_lookahead", "backtracking", "polyak", "barzilai_borwein", "barzilai_borwein_short",
    "exact_line_search", "newton", "sam", "schedule_free_sgd", "dog",
]  # fmt: skip


@pytest.mark.parametrize("rule", ROUND)
@given(x0=positions.filter(lambda x: np.abs(x).max() > 0.1), seed=st.integers(0, 1000))
@fixed
def test_a_round_rule_turns_with_the_landscape(rule, x0, seed):
    Q = rotation(seed)
    path = descend(hills, x0, ready(rule), 6)
    turned = descend(Turned(hills, Q), x0 @ Q.T, ready(rule), 6)
    # Quotients of small differences magnify the rounding of the turn.
    np.testing.assert_allclose(turned.x, path.x @ Q.T, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("rule", sorted(set(DETERMINISTIC) - set(ROUND) - {"muon", "proximal"}))
def test_a_rule_by_coordinates_does_not_turn(rule):
    Q = rotation(3)
    path = descend(hills, START, ready(rule), 6)
    turned = descend(Turned(hills, Q), START @ Q.T, ready(rule), 6)
    assert np.abs(turned.x - path.x @ Q.T).max() > 1e-3


@pytest.mark.parametrize("rule", [rule for rule in DETERMINISTIC if rule != "muon"])
@given(x0=positions.filter(lambda x: np.abs(x).max() > 0.1), order=st.permutations(range(DIM)))
@fixed
def test_coordinates_may_change_places(rule, x0, order):
    P = np.eye(DIM)[order]
    path = descend(hills, x0, ready(rule), 6)
    moved = descend(Turned(hills, P), x0[order], ready(rule), 6)
    exact = {} if rule in vars(adaptive) else {"rtol": 1e-6, "atol": 1e-8}
    np.testing.assert_allclose(moved.x, path.x[:, order], **{"rtol": 1e-9, "atol": 1e-12} | exact)


class Scaled:
    """An objective times a number."""

    def __init__(self, f, c):
        self.f, self.c, self.dim = f, c, f.dim

    def __call__(self, x):
        return self.c * self.f(x)

    def grad(self, x):
        return self.c * self.f.grad(x)

    def hess(self, x):
        return self.c * self.f.hess(x)


SCALE_FREE = {
    "adagrad": {"eps": 0.0}, "rmsprop": {"eps": 0.0}, "rmsprop_eps_inside": {"eps": 0.0},
    "adam": {"eps": 0.0}, "adam_uncorrected": {"eps": 0.0}, "amsgrad": {"eps": 0.0},
    "adamw": {"eps": 0.0}, "nadam": {"eps": 0.0}, "adamax": {"eps": 0.0}, "adan": {"eps": 0.0},
    "schedule_free_adamw": {"eps": 0.0}, "prodigy": {"eps": 0.0}, "dog": {"eps": 0.0},
    "lion": {}, "rprop": {}, "muon": {}, "polyak": {"f_min": 0.0}, "exact_line_search": {},
    "newton": {}, "sam": None, "gd": None, "momentum": None, "adadelta": None,
}  # fmt: skip


@pytest.mark.parametrize("rule", [rule for rule, knobs in SCALE_FREE.items() if knobs is not None])
@given(k=st.integers(-20, 20))
@fixed
def test_the_unit_of_the_loss_does_not_matter(rule, k):
    opt = ready(rule, **SCALE_FREE[rule])
    k = abs(k) if rule == "muon" else k  # it divides by at least 1e-7
    path = descend(hills, STARTS, opt, 12)
    scaled = descend(Scaled(hills, 2.0**k), STARTS, opt, 12)
    # A power of two only moves the exponent: the digits stay, unless LAPACK orders them anew.
    if rule in ROUNDED:
        np.testing.assert_allclose(scaled.x, path.x, rtol=1e-9, atol=1e-12)
    else:
        np.testing.assert_array_equal(scaled.x, path.x)


@pytest.mark.parametrize("rule", [rule for rule, knobs in SCALE_FREE.items() if knobs is None])
def test_the_unit_of_the_loss_matters(rule):
    path = descend(hills, START, ready(rule), 3)
    scaled = descend(Scaled(hills, 0.125), START, ready(rule), 3)
    assert np.abs(scaled.x - path.x).max() > 1e-5


def test_eps_is_what_ties_adam_to_the_unit_of_the_loss():
    adam, tiny = RULES["adam"], Scaled(hills, 1e-8)
    free, tied = (descend(tiny, START, adam(lr=0.05, eps=eps), 3).x[-1] for eps in (0.0, 1e-8))
    assert np.abs(free - START).min() > 1.5 * np.abs(tied - START).min()


# --- closed forms ----------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", ["gd", "momentum"])
@given(x0=arrays(float, 2, elements=st.floats(-3, 3)), lr=st.floats(0.01, 0.5))
@fixed
def test_path_on_a_quadratic(rule, x0, lr):
    opt = RULES[rule](lr=lr) if rule == "gd" else RULES[rule](lr=lr, momentum=0.6)
    known = {
        "gd": lambda: theory.gd_path(TILTED, x0, lr, 20),
        "momentum": lambda: theory.heavy_ball_path(TILTED, x0, lr, 0.6, 20),
    }[rule]()
    path = descend(Quadratic(TILTED), x0, opt, 20)
    np.testing.assert_allclose(path.x, known, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("rule", ["newton"])
@given(x0=arrays(float, 2, elements=st.floats(-9, 9)), lr=st.floats(0.1, 1.0))
@fixed
def test_newton_arrives_in_one_step(rule, x0, lr):
    path = descend(Quadratic(TILTED), x0, RULES[rule](lr=1.0), 1)
    np.testing.assert_allclose(path.end, 0, atol=1e-12)
    part = descend(Quadratic(TILTED), x0, RULES[rule](lr=lr), 1)
    np.testing.assert_allclose(part.end, (1 - lr) * x0, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("rule", ["newton"])
def test_newton_goes_to_a_saddle_too_and_survives_a_singular_hessian(rule):
    saddle = descend(landscapes.saddle, (1.0, 0.5), RULES[rule](), 1)
    np.testing.assert_allclose(saddle.end, 0, atol=1e-12)
    trough = Quadratic([[2.0, 0.0], [0.0, 0.0]])
    np.testing.assert_allclose(descend(trough, (1.0, 3.0), RULES[rule](), 1).end, (0, 3))


@pytest.mark.parametrize("rule", ["exact_line_search"])
@given(x0=arrays(float, 2, elements=st.floats(-9, 9)).filter(lambda x: np.abs(x).min() > 0.1))
@fixed
def test_exact_line_search_turns_a_right_angle_at_every_step(rule, x0):
    f = Quadratic(TILTED)
    path = descend(f, x0, RULES[rule](), 6)
    g = path.g
    size = np.linalg.norm(g, axis=1)
    # Each new slope is across the way that led there: the lowest point on it.
    cosines = np.sum(g[1:] * g[:-1], axis=1) / np.maximum(size[1:] * size[:-1], 1e-300)
    assert np.abs(cosines[size[1:] > 1e-9 * size[0]]).max(initial=0) < 1e-5
    step = (g[0] @ g[0]) / (g[0] @ TILTED @ g[0])
    np.testing.assert_allclose(path.x[1], x0 - step * g[0], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("rule", ["exact_line_search"])
def test_exact_line_search_stays_where_nothing_curves_up(rule):
    for x0 in ((0.0, 1.0), (0.0, 0.0)):
        np.testing.assert_array_equal(descend(landscapes.saddle, x0, RULES[rule](), 3).end, x0)


@pytest.mark.parametrize("rule", ["backtracking"])
@given(x0=positions.filter(lambda x: np.abs(x).max() > 0.01), c=st.sampled_from([1e-4, 0.1, 0.5]))
@fixed
def test_backtracking_takes_the_first_rung_that_satisfies_armijo(rule, x0, c):
    ladder = 8.0 * 0.7 ** np.arange(60)
    g, height = hills.grad(x0), hills(x0)
    enough = [hills(x0 - s * g) <= height - s * (c * np.sum(g * g)) for s in ladder]
    first = ladder[np.argmax(enough)]
    path = descend(hills, x0, RULES[rule](lr=8.0, c=c, shrink=0.7), 1)
    np.testing.assert_allclose(path.end, x0 - first * g, rtol=1e-12, atol=1e-14)
    assert path.f[1] <= path.f[0] - first * c * np.sum(g * g) * (1 - 1e-12)


@pytest.mark.parametrize("rule", ["backtracking"])
def test_backtracking_gives_up_where_no_step_helps(rule):
    # The gradient lies: there is no way down along it.
    lying = landscape(lambda x: x**2, grad=lambda x: -2 * x)
    path = descend(lying, np.array([[1.0], [0.0]]), RULES[rule](shrink=0.99), 1)
    np.testing.assert_array_equal(path.end, [[1.0], [0.0]])


@pytest.mark.parametrize("rule", ["backtracking"])
def test_backtracking_gives_each_start_its_own_step(rule):
    f = half(1.0)
    path = descend(f, [[1.0], [2.0]], RULES[rule](lr=np.array([[8.0], [1.0]])), 1)
    np.testing.assert_array_equal(path.end, [[0.0], [0.0]])  # 8 → 4 → 2 → 1: halved, and 1 at once


@pytest.mark.parametrize("rule", ["polyak"])
def test_polyak_goes_as_far_as_a_cone_would_need(rule):
    cone = landscape(lambda x, y: 5 + np.sqrt(x**2 + y**2), grad=None)
    path = descend(cone, (3.0, 4.0), RULES[rule](f_min=5.0), 1)
    np.testing.assert_allclose(path.end, 0, atol=1e-8)
    bottom = descend(half(2.0), 0.0, RULES[rule](f_min=0.0), 2)
    np.testing.assert_array_equal(bottom.end, [0.0])


@pytest.mark.parametrize("rule", ["barzilai_borwein", "barzilai_borwein_short"])
@given(x0=arrays(float, 2, elements=st.floats(-9, 9)).filter(lambda x: np.abs(x).min() > 0.1))
@fixed
def test_barzilai_borwein_against_its_formulas(rule, x0):
    f = Quadratic(TILTED)
    path = descend(f, x0, RULES[rule](lr=0.1), 6)
    x, g = path.x, path.g
    np.testing.assert_allclose(x[1], x[0] - 0.1 * g[0], rtol=1e-12, atol=1e-14)
    for t in range(1, 6):
        s, y = x[t] - x[t - 1], g[t] - g[t - 1]
        if s @ y <= 1e-12 * (x0 @ x0):  # it has arrived
            break
        step = s @ s / (s @ y) if rule == "barzilai_borwein" else s @ y / (y @ y)
        np.testing.assert_allclose(x[t + 1], x[t] - step * g[t], rtol=1e-6, atol=1e-9)
        flat, steep = np.linalg.eigvalsh(TILTED)
        assert 1 / steep - 1e-6 <= step <= 1 / flat + 1e-6


@pytest.mark.parametrize("rule", ["barzilai_borwein", "barzilai_borwein_short"])
def test_barzilai_borwein_falls_back_on_lr(rule):
    hill = half(-1.0)  # never curves upwards
    path = descend(hill, 1.0, RULES[rule](lr=0.1), 3)
    np.testing.assert_allclose(path.x[:, 0], 1.1 ** np.arange(4), rtol=1e-12)
    # At its start the memory isn't a point that it came from.
    path = descend(half(3.0), 1.0, RULES[rule](lr=0.25), 1)
    np.testing.assert_allclose(path.end, [0.25])


@pytest.mark.parametrize("rule", ["proximal"])
def test_proximal_is_a_gradient_step_and_a_soft_threshold(rule):
    rng = np.random.default_rng(1)
    X = rng.standard_normal((40, 5))
    f = lasso(X, X @ (3.0, 0.0, -2.0, 0.0, 0.0) + 0.1 * rng.standard_normal(40), strength=0.3)
    w = np.array([1.0, 0.5, -1.0, 0.02, -0.02, 0.3])
    lr = 0.2
    moved = w - lr * f.smooth.grad(w)
    shrunk = np.sign(moved) * np.maximum(np.abs(moved) - lr * 0.3, 0)
    shrunk[-1] = moved[-1]  # the intercept isn't penalised
    path = descend(f, w, RULES[rule](lr=lr), 400)
    np.testing.assert_allclose(path.x[1], shrunk, rtol=1e-12)
    assert (path.end[[1, 3, 4]] == 0).all()
    assert (np.abs(path.end[[0, 2]]) > 1).all()
    # It has arrived: the smooth slope there is the pull of the penalty.
    slope = f.smooth.grad(path.end)
    np.testing.assert_allclose(slope[[0, 2]], -0.3 * np.sign(path.end[[0, 2]]), atol=1e-9)
    assert (np.abs(slope[[1, 3, 4]]) < 0.3).all()
    # The plain subgradient only comes near.
    assert (descend(f, w, RULES["gd"](lr=lr), 400).end[[1, 3, 4]] != 0).all()


@pytest.mark.parametrize("rule", ["sam"])
def test_sam_feels_the_slope_of_the_worst_point_near_by(rule):
    f, x = Quadratic(TILTED), np.array([1.0, -2.0])
    g = x @ TILTED
    worst = x + 0.3 * g / np.linalg.norm(g)
    path = descend(f, x, RULES[rule](lr=0.1, radius=0.3), 1)
    np.testing.assert_allclose(path.end, x - 0.1 * worst @ TILTED, rtol=1e-12)
    np.testing.assert_array_equal(descend(f, (0.0, 0.0), RULES[rule](), 2).end, (0, 0))


@pytest.mark.parametrize("rule", ["averaging"])
def test_averaging_keeps_the_mean_of_all_points_behind_the_start(rule):
    f = landscapes.noisy(half(1.0), sigma=1.0)
    path = descend(f, [2.0], RULES[rule](lr=0.3), 50)
    for t in (1, 2, 50):
        np.testing.assert_allclose(path["mean"][t], path.x[1 : t + 1].mean(axis=0), rtol=1e-12)
    np.testing.assert_array_equal(path.x, descend(f, [2.0], RULES["gd"](lr=0.3), 50).x)


@pytest.mark.parametrize("rule", ["averaging", "schedule_free_sgd"])
def test_the_mean_is_quieter_than_the_last_point(rule):
    f = landscapes.noisy(half(1.0), sigma=1.0, seed=4)
    path = descend(f, np.zeros((500, 1)), RULES[rule](lr=0.3), 400)
    last = path.end if rule == "averaging" else path["z"][-1]
    assert path["mean"][-1].var() < last.var() / 10


# --- rules that find lr by themselves --------------------------------------------------------------


@pytest.mark.parametrize("rule", ["dog", "prodigy"])
@pytest.mark.parametrize("far", [1e-2, 1.0, 1e3])
def test_a_rule_without_lr_arrives_from_any_distance(rule, far):
    f = Quadratic(TILTED)
    path = descend(f, np.array([far, -0.5 * far]), RULES[rule](), 3000)
    assert np.abs(path.end).max() < 1e-2 * far


@pytest.mark.parametrize("rule", ["dog", "prodigy"])
def test_its_estimate_of_the_distance_only_grows(rule):
    f = landscapes.noisy(landscapes.bowl(kappa=4, angle=30), sigma=0.5)
    path = descend(f, (5.0, -3.0), RULES[rule](), 500)
    grown = path["distance" if rule == "dog" else "d"][1:]
    assert (np.diff(grown, axis=0) >= 0).all()
    assert grown[-1] > 100 * grown[0]
    assert grown[-1] < 4 * 34**0.5


@pytest.mark.parametrize("rule", ["schedule_free_sgd", "schedule_free_adamw"])
def test_schedule_free_is_between_its_mean_and_its_fast_point(rule):
    path = descend(hills, STARTS, ready(rule), 40)
    beta = ready(rule).knobs["beta" if rule == "schedule_free_sgd" else "beta1"]
    between = (1 - beta) * path["z"] + beta * path["mean"]
    np.testing.assert_allclose(path.x, between, rtol=1e-12, atol=1e-14)
    # With a constant lr all points count alike.
    means = np.cumsum(path["z"][1:], axis=0) / np.arange(1, 41)[:, None, None]
    np.testing.assert_allclose(path["mean"][1:], means, rtol=1e-10, atol=1e-13)


# --- chance ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", ["perturbed_gd"])
def test_perturbed_gd_leaves_a_saddle_where_gd_stays(rule):
    f = landscapes.high_dim_saddle(dim=2)
    x0 = np.zeros((50, 2))
    path = descend(f, x0, RULES[rule](lr=0.1, radius=0.1), 200)
    assert (descend(f, x0, RULES["gd"](lr=0.1), 200).end == 0).all()
    # In a minimum it goes on hopping about, never farther than a hop.
    assert (np.linalg.norm(np.abs(path.end) - 1, axis=1) <= 0.1).all()


@pytest.mark.parametrize("rule", ["perturbed_gd"])
@pytest.mark.parametrize("dim", [1, 3])
def test_hops_are_even_in_the_ball(rule, dim):
    n = 4000
    path = descend(Quadratic(np.zeros((dim, dim))), np.zeros((n, dim)), RULES[rule](radius=0.5), 1)
    depth = np.linalg.norm(path.end, axis=1) / 0.5
    assert (depth > 0).all()
    assert (depth <= 1).all()
    # Even in the volume: the share within a part of the radius is that part to the power dim.
    for part in (0.3, 0.6, 0.9):
        share = part**dim
        assert abs(np.mean(depth <= part) - share) < 5 * np.sqrt(share * (1 - share) / n)
    assert np.abs(path.end.mean(axis=0)).max() < 5 * 0.5 / np.sqrt(n)


@pytest.mark.parametrize("rule", ["perturbed_gd"])
def test_no_second_hop_within_the_wait(rule):
    level = landscape(lambda x: 0 * x)
    path = descend(level, 0.0, RULES[rule](wait=10, threshold=1e-3), 40)
    hops = np.flatnonzero(np.diff(path.x[:, 0])) + 1
    assert hops.tolist() == [1, 12, 23, 34]
    np.testing.assert_array_equal(path["last"][[0, 1, 5, 12, 40], 0], [-np.inf, 1, 1, 12, 34])


@pytest.mark.parametrize("rule", ["perturbed_gd"])
def test_no_hop_on_a_slope(rule):
    # The slope is 0.9ᵗ, and 0.9⁷ = 0.478 is the first that counts as flat.
    path = descend(half(1.0), 1.0, RULES[rule](lr=0.1, threshold=0.5), 8)
    np.testing.assert_allclose(path.x[:8, 0], 0.9 ** np.arange(8), rtol=1e-12)
    assert abs(path.x[8, 0] - 0.9**8) > 1e-6


@pytest.mark.parametrize("rule", ["langevin"])
@pytest.mark.parametrize(("h", "temperature"), [(1.0, 0.5), (4.0, 2.0)])
def test_langevin_spreads_as_the_temperature_says(rule, h, temperature):
    n, lr = 20_000, 0.02
    path = descend(half(h), np.full((n, 1), 1.0), RULES[rule](lr=lr, temperature=temperature), 300)
    # Its noise is √(2·lr·T)·ξ, so this is noisy gradient descent with sigma = √(2T/lr).
    settled = theory.noisy_floor(lr, h, np.sqrt(2 * temperature / lr))
    assert settled == pytest.approx(temperature / h, rel=lr * h)
    # Five standard errors of a variance from n normal numbers.
    assert path.end.var() == pytest.approx(settled, rel=5 * np.sqrt(2 / n))
    assert abs(path.end.mean()) < 5 * np.sqrt(settled / n) + np.exp(-300 * lr * h)
    noise = path.x[1:] - (1 - lr * h) * path.x[:-1]
    assert abs(np.corrcoef(noise[0, :, 0], noise[1, :, 0])[0, 1]) < 5 / np.sqrt(n)


def proposals(rule, f, x0, n=20_000, **knobs):
    """Return where n starts are after one step from x0."""
    return descend(f, np.full((n, 1), x0), RULES[rule](**knobs), 1).end[:, 0]


@pytest.mark.parametrize("rule", ["annealing"])
def test_annealing_always_goes_down(rule):
    slope = landscape(lambda x: x)
    x = proposals(rule, slope, 0.0, lr=0.5, scale=0.3, temperature=0.0)
    # Cold: what is proposed below is taken, what is above isn't. Proposals are −0.5 + 0.3·ξ.
    assert (x <= 0).all()
    stayed = np.mean(x == 0)
    above = 0.0478  # P(ξ > 5/3)
    assert abs(stayed - above) < 5 * np.sqrt(above / len(x))
    hot = proposals(rule, slope, 0.0, lr=0.5, scale=0.3, temperature=1e9)
    assert abs(hot.mean() + 0.5) < 5 * 0.3 / np.sqrt(len(hot))
    assert hot.std() == pytest.approx(0.3, rel=5 / np.sqrt(2 * len(hot)))


def upwards(height):
    """Return a landscape that lies at 0 up to x = ½ and at `height` beyond; its gradient is −1."""
    return landscape(lambda x: height * (x > 0.5), grad=lambda x: -1 + 0 * x)


@pytest.mark.parametrize("rule", ["annealing", "annealing_naive"])
@pytest.mark.parametrize(("height", "temperature"), [(1.0, 1.0), (1.0, 0.5), (0.3, 2.0)])
def test_uphill_is_taken_as_often_as_metropolis_says(rule, height, temperature):
    still = {"scale": 0.0} if rule == "annealing" else {}
    x = proposals(rule, upwards(height), 0.0, lr=1.0, temperature=temperature, **still)
    assert set(np.unique(x)) == {0.0, 1.0}
    share = np.exp(-height / temperature)
    assert abs(np.mean(x == 1) - share) < 5 * np.sqrt(share * (1 - share) / len(x))


@pytest.mark.parametrize("rule", ["annealing", "annealing_naive"])
def test_annealing_steps_by_the_gradient(rule):
    still = {"scale": 0.0} if rule == "annealing" else {}
    path = descend(half(1.0), 2.0, RULES[rule](lr=0.25, **still), 3)
    np.testing.assert_allclose(path.x[:, 0], 2 * 0.75 ** np.arange(4), rtol=1e-12)
    # A step so long that it goes up, and no warmth to allow it.
    path = descend(half(1.0), 2.0, RULES[rule](lr=3.0, temperature=0.0, **still), 3)
    np.testing.assert_array_equal(path.x[:, 0], 2.0)


@pytest.mark.parametrize("rule", ["annealing", "langevin"])
def test_every_step_has_noise_of_its_own(rule):
    level = landscape(lambda x: 0 * x)
    steps = np.diff(descend(level, 0.0, RULES[rule](), 50).x[:, 0])
    assert len(np.unique(steps.round(12))) == 50


@pytest.mark.parametrize("rule", ["annealing_naive"])
def test_naive_annealing_draws_anew_at_every_step(rule):
    path = descend(upwards(1.0), 0.0, RULES[rule](lr=1.0, temperature=0.5), 60)
    assert path.end[0] >= 1  # one refusal isn't a refusal for ever


def test_naive_annealing_stays_in_its_valley_where_annealing_leaves():
    f = landscapes.double_well
    (left, right), hill = f.minima[:, 0], f.maxima[0, 0]
    cooling = schedules.exponential(1.0, 0.99)
    starts = np.full((100, 1), right)
    naive = descend(f, starts, escape.annealing_naive(lr=0.02, temperature=cooling), 600)
    noisy = descend(f, starts, escape.annealing(lr=0.02, scale=0.5, temperature=cooling), 600)
    assert (naive.x > hill).all()
    assert np.mean(noisy.end < hill) > 0.8
    assert np.abs(noisy.end[noisy.end < hill] - left).max() < 0.5


def test_random_restarts_find_the_lowest_valley():
    f = landscapes.rastrigin
    path = random_restarts(f, classic.gd(lr=0.002), 300, restarts=200, seed=1)
    low, high = f.domain.T
    assert path.x.shape == (301, 200, f.dim)
    assert ((low <= path.start) & (path.start <= high)).all()
    assert path.best.f[-1] == path.f[-1].min()
    # One start finds it with probability p, k starts with 1 − (1 − p)ᵏ.
    p, k = np.mean(path.f[-1] < 1e-6), 20
    assert 0.002 < p < 0.2
    starts = np.random.default_rng(7).uniform(low, high, size=(20_000, f.dim))
    many = descend(f, starts, classic.gd(lr=0.002), 300, every=300)
    found = (many.f[-1] < 1e-6).reshape(-1, k).any(axis=1).mean()
    p = np.mean(many.f[-1] < 1e-6)
    assert found == pytest.approx(1 - (1 - p) ** k, abs=5 * 0.5 / np.sqrt(20_000 / k))


def test_random_restarts_are_drawn_from_the_seed():
    f, gd = landscapes.himmelblau, classic.gd(lr=0.01)
    one, two, three = (random_restarts(f, gd, 1, restarts=5, seed=seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(one.start, two.start)
    assert (one.start != three.start).all()
    inside = random_restarts(f, gd, 1, restarts=50, domain=[(1, 2), (-3, -2)]).start
    assert ((inside > (1, -3)) & (inside < (2, -2))).all()
    with pytest.raises(ValueError, match="domain"):
        random_restarts(hills, gd, 1)
