"""Exercises of lesson 4."""

from ..check.exercises import Exercises

linear_regression = Exercises("linear_regression")
