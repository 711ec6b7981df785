"""Exercises of lesson 9."""

from ..check.exercises import Exercises

adaptive_optimizers = Exercises("adaptive_optimizers")
