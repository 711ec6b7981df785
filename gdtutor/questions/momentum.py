"""Exercises of lesson 8."""

from ..check.exercises import Exercises

momentum = Exercises("momentum")
