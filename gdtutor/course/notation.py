"""One name for one thing, in the mathematics and in Python, throughout the course.

Each row: the symbol, the name in code, what it is, and the lesson that brings it in.
"""

NOTATION = (
    ("f(x)", "f", "a landscape: the height at x", 1),
    ("x", "x", "where the walker is: a number, or a vector of shape (dim,)", 1),
    ("x₀", "x0, start", "where the walk begins", 3),
    ("t", "t", "the number of the step: 1, 2, 3 …", 3),
    ("h", "h", "a small difference, to measure a slope with", 1),
    ("f′(x)", "slope", "the slope of a curve at x", 1),
    ("∂f/∂x", "grad[0]", "the slope along one axis, all others held still", 1),
    ("∇f, g", "grad, g", "the gradient: one slope for every coordinate, shape (dim,)", 1),
    ("‖g‖", "np.linalg.norm(g)", "the gradient's length: how steep it is", 1),
    ("α or η", "lr", "the learning rate: how far to step for a given slope", 3),
    (
        "ε",
        "tolerance; eps",
        "small enough to stop; in adaptive rules, what keeps a quotient finite",
        3,
    ),
    ("n", "n", "how many examples there are", 2),
    ("X", "X", "the data: a row for every example, a column for every feature, (n, d)", 2),
    ("y", "y", "what belongs to each example, (n,)", 2),
    ("ŷ", "y_hat", "what the model predicts, (n,)", 2),
    ("w, b", "w, b", "a model's weights (d,) and its intercept, or bias", 3),
    ("θ", "params", "all parameters of a model in one vector", 4),
    ("L(w)", "loss", "how badly the model does: the height of its landscape", 2),
    ("B", "batch_size", "how many examples one step looks at", 5),
    ("σ", "sigma", "the size of noise: a standard deviation", 5),
    ("L, λmax", "L", "the largest curvature: the largest eigenvalue of the Hessian", 6),
    ("κ", "kappa", "the condition number: largest curvature over smallest", 6),
    ("H, ∇²f", "hessian", "the Hessian: all second derivatives, shape (dim, dim)", 6),
    ("λᵢ", "eigenvalues", "the Hessian's eigenvalues: curvatures along its own axes", 6),
    ("β, μ", "beta", "how much of the velocity, or of a running mean, is kept", 8),
    ("v", "v", "velocity (momentum); running mean of squared gradients (Adam)", 8),
    ("m", "m", "running mean of the gradient (Adam)", 9),
    ("m̂, v̂", "m_hat, v_hat", "the same, with the bias of their start at 0 undone", 9),
    ("λ", "weight_decay", "how fast weights are pulled towards 0", 9),
)
