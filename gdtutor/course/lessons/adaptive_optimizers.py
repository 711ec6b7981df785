"""Lesson 9: its objectives, its questions, and the beliefs it sets right."""

from ..lesson import Lesson

adaptive_optimizers = Lesson(
    number=9,
    name="adaptive_optimizers",
    title="Adaptive rules: AdaGrad to AdamW",
    minutes=90,
    story="to be written",
    needs=("momentum", "batch_variants"),
    objectives={
        "implement": "write AdaGrad, RMSProp, AdaDelta, Adam and AdamW",
        "predict": "predict the effective step of every coordinate",
        "compare": "compare optimizers fairly: tuned, with seeds and error bars",
    },
    misconceptions={},
    words={},
    predictions=(),
    questions=(),
)
