"""Exercises of lesson 5."""

from ..check.exercises import Exercises

batch_variants = Exercises("batch_variants")
