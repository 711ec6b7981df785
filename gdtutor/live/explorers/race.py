"""The race: any number of optimizers on one landscape, tuned and untuned, with noise and without."""

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from matplotlib.colors import to_rgba

from ... import plots
from ...descent import descend, start_point, whole
from ...landscapes import landscape, rosenbrock
from ...landscapes.landscape import Around
from ...landscapes.noise import Tilted, normal
from ...plots.geometry import formula, limits
from ...plots.maps import spaced
from ...plots.style import line_style, readable, theme_of
from ...rules import adam, gd, momentum, nesterov, rmsprop
from ..actors import at_step, isolines, trail
from ..controls import choice, point, scrubber, slider, switch
from ..frames import complaint
from ..stage import Stage
from .parts import apart, by_frame, grid, lowest, over, ready, record, spot, taking, trace

FIELD = [gd, momentum, nesterov, rmsprop, adam]
OWN, COMMON, BEST = "their own", "one for all", "each at its best"
LOST = 1e3  # so many times the height of the start: nobody comes back from there in time
TINY, HUGE = 1e-9, 1e30  # times that height: too low to show, and far outside any picture
TARGET = 0.01  # of the height of the start: the table counts the steps to it
COLUMNS = {"lr": ".2g", "loss": ".2g", f"to {100 * TARGET:g} %": "d"}
ROWS = 750  # of all paths in a frame together; longer ones are thinned


def race(f=rosenbrock, opts=None, *, start=None, steps=150, lrs=None, seeds=10, sigma=None):
    """Let optimizers race: at an lr of their own, at one lr for all, or each at its best.

    Who wins depends on who was tuned: change the learning rates, switch the noise on, drag the start,
    and let the last one win. "Best" is the lr, of those in `lrs`, whose loss after the last step is
    lowest, in the median over the seeds; it is searched anew for every start, with noise and without.
    A ranking on a toy landscape doesn't predict the training of networks.

    The table has the losses after the last step, and how many steps it took to get to 1 % of the height
    of the start. With noise the map shows the path of the first seed, and losses and steps are medians,
    with a band from 10 to 90 % of the seeds. All optimizers meet the same noise: seed s is
    `noisy(f, sigma, seed=s)`.

    Parameters
    ----------
    f : landscape in two dimensions, a function of (x, y), or a dict or list of them
        Of several, each has a start of its own, which can't be dragged.
    opts : dict of str to optimizer, or list of optimizers, optional
        Learners' own update rules, too; at first each runs at its own lr. A rule without a number
        called lr runs as it is. Unless given: gd, momentum, nesterov, rmsprop and adam, at one for all.
    start : pair of float, optional
        The landscape's own, unless given.
    steps : int
        Of many only every second, third, … is shown, and the last of these is the end.
    lrs : array_like, optional
        What is tried to find the best: 43 from 1e-5 to 100, unless given.
    seeds : int
    sigma : float, optional
        The standard deviation of the noise in each coordinate of the gradient; a twentieth of the
        gradient's length at the start, unless given.

    Returns
    -------
    Stage

    Examples
    --------
    >>> figure = race()
    >>> figure.says()
    'step 150: momentum leads at 0.0011; adam is last'
    >>> figure.says(lr="their own")
    'step 150: momentum leads at 0.066; adam is last'
    """
    opening = COMMON if opts is None else OWN
    opts = by_name(FIELD if opts is None else opts, "optimizers")
    opts = {name: ready(opt) for name, opt in opts.items()}
    courses = {name: Course(g, start) for name, g in by_name(f, "landscapes").items()}
    contest = Contest(opts, whole("steps", steps), lrs, whole("seeds", seeds))
    names, first, several = list(opts), next(iter(courses.values())), len(courses) > 1
    if sigma is None:
        sigma = float(f"{min(course.slope for course in courses.values()) / 20:.2g}")
    controls = {
        "lr": choice([OWN, COMMON, BEST], opening, label="learning rates"),
        "common": slider(1e-4, 1, 2e-3, count=13, log=True, label="lr for all", format=".2g"),
        "noise": switch(label=f"noise, σ = {sigma:g} (bands: 80 % of seeds)"),
    }

    fig, (left, right) = plots.figure(columns=2, height=4.0)
    if several:
        actors, sweeps = changing_map(left, courses)
        controls["landscape"] = choice(courses)
    else:
        actors, sweeps = fixed_map(left, first), []
        controls["start"] = point(left, first.start, grid=(4, 4))
    bottom, top = contest.heights(courses.values())
    record(right, contest.steps, bottom, top, y="loss above the lowest")
    right.set_xlim(0, 1.09 * contest.steps)  # with room for the keys behind the lines
    actors |= racers(left, right, names)
    begin = contest.run(first, first.start[None], opening, np.array([controls["common"].value]))
    end = begin.middle[:, -1, 0]
    loser = int(np.argmax(np.where(np.isnan(end), -np.inf, end)))
    goal = (f"{names[loser]} is last. Find a setting in which it wins", "wins")
    goal = goal if (end < end[loser]).any() else None  # some are level, and some are alone

    def walk(lr, common, noise, landscape=first, start=None):
        start = np.tile(landscape.start, (len(common), 1)) if several else start
        # Frames that differ in nothing but a common lr that nobody has are one frame.
        common = common if lr == COMMON else 0 * common
        one, same = np.unique(np.column_stack([start, common]), axis=0, return_inverse=True)
        result = contest.run(landscape, one[:, :2], lr, one[:, 2], sigma * noise)
        found = result.told() | {"cells": result.table(), "wins": result.wins(loser)}
        middle, ends = (np.swapaxes(rows, -2, -1) for rows in (result.middle, result.ends))
        # Names of the lost stay in one order, whoever is worse at the moment.
        beside = apart(np.clip(middle, bottom, top), bottom, top)
        for i, name in enumerate(names):
            found[f"path of {name}"] = by_frame(landscape.view(result.x[i, :, :, 0]))
            found[f"loss of {name}"] = over(contest.at, middle[i])
            found[f"band of {name}"] = over(contest.at, *np.clip(ends[:, i], 0, HUGE))
            found[f"name of {name}"] = over(1.06 * contest.steps, beside[i])
        if not several:
            found["first"] = one[:, :2]
        return {name: rows[same.ravel()] for name, rows in found.items()}

    thinned = None if contest.every == 1 else f"step ÷ {contest.every}"
    return Stage(
        fig,
        actors,
        {**controls, "step": scrubber(len(contest.at) - 1, label=thinned)},
        [taking(list(controls), walk), *sweeps],
        "step {at}: {order} at {lead:.2g}{rest}",
        alt=f"A race of {listing(names)} on {' or '.join(courses)}: paths on the map, losses over the "
        "steps, a table of results. Who wins depends on whose lr was tuned, and with noise on luck. A "
        "ranking on a toy landscape doesn't predict the training of networks.",
        goal=goal,
        drag=None if several else {"first": "start"},
        table={
            "title": f"Loss after {contest.steps} steps, steps to {100 * TARGET:g} % of the start; "
            "networks may rank them otherwise.",
            "rows": names,
            "columns": COLUMNS,
            "cells": "cells",
        },
    )  # fmt: skip


def by_name(given, what):
    """Return landscapes or optimizers by name: a dict as it is, or a list, or a single one."""
    if isinstance(given, dict):
        found = {str(name): one for name, one in given.items()}
    else:
        listed = list(given) if isinstance(given, list | tuple) else [given]
        short = [getattr(one, "name", getattr(one, "__name__", "it")) for one in listed]
        found = {
            name if short.count(name) == 1 else repr(one): one for name, one in zip(short, listed)
        }
    if not found:
        raise ValueError(f"a race needs {what}: there are none in {given!r}.")
    return found


class Course:
    """A landscape to race on.

    Attributes
    ----------
    f : Landscape
    domain : ndarray, shape (2, 2)
    start : ndarray, shape (2,)
    floor : float
        The lowest loss, as far as known.
    height, slope : float
        Of the start: how far it is above the floor, and the length of the gradient.
    unit : bool
        Whether pictures show the domain as a unit square.
    """

    def __init__(self, f, start=None):
        f = formula(f, dim=2)
        if hasattr(f, "at"):
            raise TypeError(f"a race brings its own noise, sigma=…: give it {f!r} without noise.")
        self.f, self.domain, self.unit = landscape(f), limits(f, None, dim=2), False
        self.start = start_point(f.start if start is None else start)
        self.floor = lowest(self.f, self.domain)[1]
        self.height = float(self.above(self.start))
        self.slope = float(np.linalg.norm(self.f.grad(self.start)))

    def above(self, x):
        """Return how far the loss is above the floor; infinite where it is no number."""
        loss = self.f(x) - self.floor
        return np.where(np.isfinite(loss), loss, np.inf)

    def view(self, x):
        """Return positions as the picture has them."""
        low, high = self.domain.T
        return (x - low) / (high - low) if self.unit else x


class Shaken(Around):
    """A landscape in the noise of `noisy`, a seed for each column of starts (…, seeds, 2).

    `noisy` draws anew for every start; here all frames and all optimizers meet the same noise.
    """

    def __init__(self, inner, sigma, seeds):
        super().__init__(inner)
        self.sigma, self.seeds = sigma, seeds

    def at(self, t):
        """Return the landscape of step t."""
        noise = self.sigma * draws(t, self.seeds)
        return Tilted(self.inner, lambda shape: noise)


@cache
def draws(t, seeds):
    """Return the normal numbers of step t, (seeds, 2)."""
    return np.stack([normal((seed, t), (2,)) for seed in range(seeds)])


class Contest:
    """Who races, and for how long.

    Attributes
    ----------
    opts : dict of str to Optimizer
    steps, every : int
        How many steps there are, and how many make a row of the record.
    at : ndarray of int, shape (rows,)
        The steps in the record.
    lrs : ndarray
        Where the best is searched.
    seeds : int
    """

    def __init__(self, opts, steps, lrs, seeds):
        self.opts, self.seeds = opts, seeds
        self.every = -(-steps * len(opts) // ROWS)
        self.steps = self.every * -(-steps // self.every)
        self.at = np.arange(0, self.steps + 1, self.every)
        lrs = (
            slider(1e-5, 100, count=43, log=True).values if lrs is None else lrs
        )  # all for all, too
        self.lrs = np.ravel(lrs).astype(float)

    @np.errstate(all="ignore")
    def run(self, course, start, lr, common=0.0, sigma=0.0):
        """Race.

        Parameters
        ----------
        course : Course
        start : ndarray, shape (frames, 2)
        lr : OWN, COMMON or BEST
        common : ndarray, shape (frames,)
            The lr for all, if that is wanted.
        sigma : float

        Returns
        -------
        Result
        """
        # Without noise, one seed is as good as ten.
        starts = np.repeat(start[:, None], self.seeds if sigma else 1, axis=1)
        f = Shaken(course.f, sigma, self.seeds) if sigma else course.f
        lrs = np.full((len(self.opts), len(start)), np.nan)
        x = np.full((len(self.opts), len(self.at), *starts.shape), np.nan)
        failed = {}
        for i, (name, opt) in enumerate(self.opts.items()):
            try:
                if tunable(opt):
                    lrs[i] = (
                        self.best(course, f, opt, starts) if lr == BEST
                        else common if lr == COMMON else opt.knobs["lr"]
                    )  # fmt: skip
                    opt = opt(lr=lrs[i][:, None, None])
                x[i] = descend(f, starts, opt, self.steps, every=self.every).x
            except Exception as error:  # a learner's rule; the others race on
                failed[name] = complaint(error)
        losses = course.above(x)
        losses[[name in failed for name in self.opts]] = np.nan
        height = course.above(start)
        roof = LOST * np.maximum(height, course.height or 1.0)
        return Result(list(self.opts), self.at, lrs, x, losses, height, roof, failed)

    def best(self, course, f, opt, starts):
        """Return for each frame the lr whose loss after the last step is lowest, median over seeds."""
        many = np.repeat(starts[:, None], len(self.lrs), axis=1)
        tried = descend(f, many, opt(lr=self.lrs[:, None, None]), self.steps, every=self.steps)
        return self.lrs[np.argmin(np.median(course.above(tried.end), axis=-1), axis=-1)]

    def heights(self, courses):
        """Return which losses to show: from the lowest that a tuned optimizer gets to, up."""
        tuned = [self.run(course, course.start[None], BEST).middle[:, -1] for course in courses]
        tall = max(course.height for course in courses) or 1.0
        reached = np.min(tuned, where=np.isfinite(tuned), initial=tall)
        return max(reached / 3, TINY * tall), 10 * tall


def tunable(opt):
    """Return whether an optimizer has a number called lr."""
    return isinstance(opt.knobs.get("lr"), int | float)


@dataclass(frozen=True)
class Result:
    """What happened in races.

    Attributes
    ----------
    names : list of str
        Of the optimizers.
    at : ndarray, shape (rows,)
        The steps that were recorded.
    lr : ndarray, shape (optimizers, frames)
        What was used; nan where a rule has none.
    x, losses : ndarray, shape (optimizers, rows, frames, seeds, 2), (optimizers, rows, frames, seeds)
        Positions, and how far they are above the lowest: infinite if lost, nan if a rule has failed.
    height, roof : ndarray, shape (frames,)
        Of the start, and above which someone is lost.
    failed : dict of str to str
        What rules that have failed complained of.
    """

    names: list
    at: np.ndarray
    lr: np.ndarray
    x: np.ndarray
    losses: np.ndarray
    height: np.ndarray
    roof: np.ndarray
    failed: dict

    @cached_property
    def middle(self):
        """The median loss, (optimizers, rows, frames)."""
        return np.median(self.losses, axis=-1)

    @cached_property
    def ends(self):
        """The losses of the seeds at 10 and 90 %, (2, optimizers, rows, frames)."""
        # Nearest: between a number and infinity there is none.
        return np.quantile(self.losses, [0.1, 0.9], axis=-1, method="nearest")

    def wins(self, i):
        """Return whether one is below all others at the end, (frames,)."""
        end = np.where(np.isnan(self.middle[:, -1]), np.inf, self.middle[:, -1])
        return end[i] < np.delete(end, i, axis=0).min(axis=0, initial=np.inf)

    def table(self):
        """Return the cells of COLUMNS, (frames, optimizers, columns)."""
        there = self.losses <= TARGET * self.height[:, None]
        steps = np.where(there.any(axis=1), self.at[there.argmax(axis=1)], np.inf)
        end = self.middle[:, -1]
        cells = [self.lr, end, np.median(steps, axis=-1)]
        return np.where(np.isnan(end), np.nan, cells).transpose(2, 1, 0)

    def told(self):
        """Return what there is to say at each step, (frames, rows): who leads, who is last or lost."""
        runs = ~np.isnan(self.middle)
        lost = runs & ~(self.middle < self.roof)
        loss = np.where(runs, self.middle, np.inf)
        leader, lead = loss.argmin(axis=0), loss.min(axis=0)
        last = np.where(runs, self.middle, -np.inf).argmax(axis=0)
        firsts = np.nan_to_num(self.losses, nan=np.inf, posinf=np.inf).argmin(axis=0)
        firsts = (firsts == leader[..., None]).sum(axis=-1)
        level = ((self.middle == lead) | ~runs).all(axis=0)
        state = np.stack([leader, firsts, last, level, np.isinf(lead), *lost], axis=-1)
        # There are few different sentences.
        states, same = np.unique(state.reshape(-1, state.shape[-1]), axis=0, return_inverse=True)
        order, rest = np.array([self.sentence(*one) for one in states])[same.ravel()].T
        told = {"order": order.reshape(lead.shape), "rest": rest.reshape(lead.shape), "lead": lead}
        told["at"] = np.broadcast_to(self.at[:, None], lead.shape)
        return {name: rows.T for name, rows in told.items()}

    def sentence(self, leader, firsts, last, level, nobody, *lost):
        """Return how the live line begins, and how it ends."""
        seeds, alone = self.losses.shape[-1], len(self.failed) == len(self.names) - 1
        order = f"{self.names[leader]} leads"
        order += f" by median, in {firsts} of {seeds} seeds," * (seeds > 1)
        order = f"{self.names[leader]} is" if alone else "all are level" if level else order
        order = "nobody leads" if nobody else order
        lost = [name for name, is_lost in zip(self.names, lost) if is_lost]
        rest = f"; {self.names[last]} is last" * (not level)
        if lost:
            rest = f"; {listing(lost)} {'is' if len(lost) == 1 else 'are'} lost"
        return order, rest + "".join(f"; {name} fails: {why}" for name, why in self.failed.items())


def listing(names):
    """Return names as a text.

    Examples
    --------
    >>> listing(["gd"]), listing(["gd", "momentum", "adam"])
    ('gd', 'gd, momentum and adam')
    """
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def racers(left, right, names):
    """Return the actors for each optimizer: path, losses and band, where it is, its name beside them."""
    actors = {}
    for i, name in enumerate(names):
        colour, marker = theme_of(left).lines[i % 6], line_style(left, i)["marker"]
        band = right.fill_between([], [], [], facecolor=to_rgba(colour, 0.17), linewidth=0)
        words = f"   {name}"  # with room for the key
        beside = right.text(right.get_xlim()[1], right.get_ylim()[1], words, va="center",
                            fontsize=12, color=readable(colour, right))  # fmt: skip
        actors[f"path of {name}"] = trail(trace(left, i, marks=False))
        actors[f"on the map: {name}"] = at_step(spot(left, i, marker=marker), f"path of {name}")
        actors[f"band of {name}"] = trail(band)
        actors[f"loss of {name}"] = trail(trace(right, i, marks=False))
        actors[f"loss now: {name}"] = at_step(
            spot(right, i, marker=marker, size=9), f"loss of {name}"
        )
        actors[f"name of {name}"] = at_step(beside, template=words)
        actors[f"key of {name}"] = at_step(spot(right, i, marker=marker, size=8), f"name of {name}")
    return actors


def fixed_map(ax, course):
    """Draw the map of one landscape, and return the actor on it: where the race begins."""
    plots.contours(ax, course.f)
    if course.f.minimum is not None:
        star(ax).set_data(*course.f.minimum[0][:, None])
    return {"first": spot(ax, 5, full=False, size=12)}


def changing_map(ax, courses):
    """Return the actors and sweeps that draw the chosen landscape, its domain as a unit square."""
    look = theme_of(ax)
    image = ax.imshow(np.zeros((2, 2)), cmap=look.cmap, vmin=0, vmax=1, extent=(0, 1, 0, 1),
                      origin="lower", zorder=0)  # fmt: skip
    (lines,) = ax.plot([], [], color=look.ink, linewidth=0.7, alpha=0.22, zorder=1)
    ax.set(xticks=[], yticks=[])
    plots.labels(ax, x="x", y="y")
    for course in courses.values():
        course.unit = True
    unit = np.linspace(0, 1, 81)
    square = grid([(0, 1), (0, 1)], 81)

    def ground(landscape):
        low, high = landscape.domain.T
        heights = landscape.above(low + (high - low) * square)
        levels = spaced(heights[np.isfinite(heights)], 14)
        known = landscape.f.minimum
        place = np.full(2, np.nan) if known is None else landscape.view(known[0])
        return {
            "ground": np.interp(heights, levels, np.linspace(0, 1, len(levels)))[None],
            "contours": isolines(unit, unit, heights, levels[1:])[None],
            "minimum": place[None],
        }

    return {"ground": image, "contours": lines, "minimum": star(ax)}, [ground]


def star(ax):
    """Return the mark of the lowest point."""
    (mark,) = ax.plot([], [], "*", color=theme_of(ax).ink, markersize=15, zorder=3,
                      markeredgecolor=theme_of(ax).paper, scalex=False, scaley=False)  # fmt: skip
    return mark
