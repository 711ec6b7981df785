"""Mini-batches: the objective of step t is the model on the t-th batch."""

from ..data import batch_indices, batches_in


class MiniBatch:
    """A model seen through mini-batches. Made by `minibatch`.

    Attributes
    ----------
    model : Model
        The objective on all examples.
    batches_per_epoch : int
        Steps until every example was seen once.
    name, dim, start
        The model's.
    """

    def __init__(self, model, batch_size, seed, replace):
        self.model = model
        self.batch_size, self.seed, self.replace = batch_size, seed, replace
        self.batches_per_epoch = batches_in(model.n, batch_size)
        self.name, self.dim, self.start = model.name, model.dim, model.start

    def __call__(self, w):
        """Return the full objective, over all examples."""
        return self.model(w)

    def grad(self, w):
        """Return the full gradient, over all examples."""
        return self.model.grad(w)

    def at(self, t):
        """Return the objective of step t = 1, 2, ...: the model on the t-th batch.

        A pure function of (seed, t). If the model changes with t as well (dropout), both apply.
        """
        batch = self.model.rows(
            batch_indices(self.model.n, self.batch_size, t, self.seed, self.replace)
        )
        return batch.at(t) if hasattr(batch, "at") else batch

    def __repr__(self):
        return (
            f"<batches of {self.batch_size}, {self.batches_per_epoch} in an epoch, of {self.model}>"
        )


def minibatch(model, batch_size=32, seed=0, replace=False):
    """Return the objective of mini-batch training: `.at(t)` is the model on the t-th batch.

    Without replacement, epoch e = 0, 1, ... is one shuffle of all examples, cut into batches; the
    last one may be smaller. With replacement, each batch is drawn anew from all examples.

    Parameters
    ----------
    model : Model, or any objective with `n` and `rows(indices)`
        What to train.
    batch_size : int
        Examples for each step: 1 is classic SGD; n or more is the full batch, reshuffled.
    seed : int
        Of the shuffles.
    replace : bool
        Whether to draw with replacement.

    Returns
    -------
    MiniBatch

    Raises
    ------
    ValueError
        If batch_size is not a whole number from 1.

    Examples
    --------
    >>> from gdtutor.models import linear
    >>> f = linear([[1.0], [2.0], [3.0]], [2.0, 4.0, 6.0], intercept=False)
    >>> g = minibatch(f, batch_size=2, seed=0)
    >>> g.batches_per_epoch, [g.at(t).n for t in (1, 2, 3, 4)]
    (2, [2, 1, 2, 1])
    >>> w = g.start
    >>> for t in range(1, 21):
    ...     w = w - 0.05 * g.at(t).grad(w)
    >>> w.round(3).tolist()
    [2.0]
    """
    return MiniBatch(model, batch_size, seed, replace)
